// Command jixiaolint checks performance self-evaluation forms of public spending.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

// gcPercent lets the heap grow to five times what is live before it is collected: a
// run is short and its live heap small, so collecting more often only costs time.
const gcPercent = 400

func main() {
	debug.SetGCPercent(gcPercent)
	ctx, interrupt := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	unfinished := &unfinishedFiles{names: map[string]bool{}}
	go func() {
		<-signals
		interrupt()
		<-signals // a second Ctrl-C ends the program at once
		unfinished.abandon()
		os.Exit(exitInterrupted)
	}()
	c := &Command{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Now: time.Now, unfinished: unfinished}
	os.Exit(c.Main(ctx, os.Args[1:]))
}
