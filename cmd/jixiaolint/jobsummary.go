package main

import (
	"errors"
	"os"
)

// envJobSummary names the file to which a step of a GitHub workflow adds its part of
// the job's summary page.
const envJobSummary = "GITHUB_STEP_SUMMARY"

// appending writes to the end of a file, which it opens for each text.
type appending string

// Write adds text to the file.
func (name appending) Write(b []byte) (n int, err error) {
	f, err := os.OpenFile(string(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Write(b)
}
