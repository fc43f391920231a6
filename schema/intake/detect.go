package intake

import (
	"bytes"
	"encoding/json"

	"jixiaolint/schema/grid"
	"jixiaolint/schema/lang"
)

// format is a file format, by the reader that takes it.
type format uint8

const (
	textFormat format = iota
	workbookFormat
	wordFormat
	pageFormat
	jsonFormat
	archiveFormat
	drawingFormat
	foreignFormat // one that is not read
)

// detection is what a file was found to be; message and help say why it is not read
// and what to do, for the foreign format.
type detection struct {
	format        format
	message, help lang.Text
}

var (
	helpSpreadsheet = lang.T("请用 WPS 或 Excel 另存为 .xlsx 后提交", "save it as .xlsx with WPS or Excel and submit that")
	helpDocument    = lang.T("请用 WPS 或 Word 另存为 .docx 后提交", "save it as .docx with WPS or Word and submit that")
	helpOriginal    = lang.T("请提交制作它时所用的原文件（.xlsx 或 .docx）", "submit the file that it was made from (.xlsx or .docx)")
	helpPack        = lang.T("请解压后提交其中的文件，或重新打包为 .zip", "unpack it and submit the files, or pack them again as .zip")

	oldSpreadsheet = foreign(lang.T("旧版电子表格（.xls、.et）不能直接读取", "old spreadsheets (.xls, .et) are not read"), helpSpreadsheet)
	oldDocument    = foreign(lang.T("旧版文字文档（.doc、.wps）不能直接读取", "old text documents (.doc, .wps) are not read"), helpDocument)
	openSheet      = foreign(lang.T("OpenDocument 电子表格（.ods）不能直接读取", "OpenDocument spreadsheets (.ods) are not read"), helpSpreadsheet)
	openText       = foreign(lang.T("OpenDocument 文档（.odt 等）不能直接读取", "OpenDocument texts (.odt and others) are not read"), helpDocument)
	richText       = foreign(lang.T("RTF 文档不能直接读取", "RTF documents are not read"), helpDocument)
	portable       = foreign(lang.T("PDF 不能直接读取", "PDF files are not read as they are"), helpOriginal)
	picture        = foreign(lang.T("文件是图片或扫描件，其中的表格不能读取", "the file is a picture or a scan, of which no table is read"), helpOriginal)
	otherArchive   = foreign(lang.T("这种压缩包（RAR、7z、gzip 等）不能读取", "archives of this kind (RAR, 7z, gzip and others) are not read"), helpPack)
	xmlSheet       = foreign(lang.T("文件是 XML 格式的电子表格（Excel 2003），不能直接读取", "the file is a spreadsheet in XML (Excel 2003), which is not read"), helpSpreadsheet)
	otherXML       = foreign(lang.T("文件是 XML，不是能读取的自评表", "the file is XML and no form that can be read"),
		lang.T("请用 WPS、Excel 或 Word 打开后另存为 .xlsx 或 .docx 提交", "open it with WPS, Excel or Word, save it as .xlsx or .docx and submit that"))
	webArchive = foreign(lang.T("单个文件网页（.mht）不能直接读取", "web archives (.mht) are not read"),
		lang.T("请用 Excel 或 WPS 打开后另存为 .xlsx 提交", "open it with Excel or WPS, save it as .xlsx and submit that"))
)

func foreign(message, help lang.Text) detection { return detection{foreignFormat, message, help} }

// magics are the beginnings of files that are not read.
var magics = []struct {
	prefix string
	detection
}{
	{"%PDF-", portable},
	{`{\rtf`, richText},
	{"\x89PNG", picture}, {"\xFF\xD8\xFF", picture}, {"GIF8", picture},
	{"II*\x00", picture}, {"MM\x00*", picture},
	{"Rar!\x1A", otherArchive}, {"7z\xBC\xAF\x27\x1C", otherArchive}, {"\x1F\x8B\x08", otherArchive},
	{"MIME-Version:", webArchive},
}

// detect tells the format of a file by its content first: files are renamed, and
// programs export pages and text under the names of spreadsheets.
func detect(name string, data []byte, limits grid.Limits) detection {
	ext := extension(name)
	if bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")) {
		return detectOld(ext, data)
	}
	if grid.IsZip(data) {
		return detectZip(name, ext, data, limits)
	}
	begin := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 4<<10)], []byte("\xEF\xBB\xBF")), " \t\r\n")
	for _, m := range magics {
		if bytes.HasPrefix(begin, []byte(m.prefix)) {
			return m.detection
		}
	}
	switch {
	case grid.IsHTML(data), isOneOf(ext, ".html", ".htm"):
		return detection{format: pageFormat}
	case bytes.HasPrefix(begin, []byte("<?xml")) && grid.IsDrawing(data):
		return detection{format: drawingFormat}
	case bytes.HasPrefix(begin, []byte("<?xml")):
		if bytes.Contains(begin, []byte("urn:schemas-microsoft-com:office:spreadsheet")) || bytes.Contains(begin, []byte(`progid="Excel.Sheet"`)) {
			return xmlSheet
		}
		return otherXML
	case looksJSON(ext, begin, data):
		return detection{format: jsonFormat}
	}
	return detectByName(name, ext, data)
}

// detectOld tells what to do with a compound file, the container of old office
// formats and of encrypted new ones. The readers of the new formats explain the files
// that pretend to be theirs, and the passwords.
func detectOld(ext string, data []byte) detection {
	encrypted := bytes.Contains(data, []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"))
	switch {
	case ext == ".docx":
		return detection{format: wordFormat}
	case encrypted:
		return detection{format: workbookFormat}
	case isOneOf(ext, ".doc", ".wps", ".rtf"):
		return oldDocument
	case isOneOf(ext, ".xls", ".et"):
		return oldSpreadsheet
	}
	return detection{format: workbookFormat}
}

// detectZip tells documents that are stored as zip archives from archives of
// documents.
func detectZip(name, ext string, data []byte, limits grid.Limits) detection {
	const signature = "mimetypeapplication/vnd.oasis.opendocument."
	if i := bytes.Index(data[:min(len(data), 256)], []byte(signature)); i >= 0 {
		if bytes.HasPrefix(data[i+len(signature):], []byte("spreadsheet")) {
			return openSheet
		}
		return openText
	}
	const document = "word/document.xml"
	if isOneOf(ext, ".xlsx", ".xlsm") {
		// The search spares nearly every workbook a second look at its directory.
		if bytes.Contains(data, []byte(document)) && grid.IsDOCX(data) {
			return detection{format: wordFormat}
		}
		return detection{format: workbookFormat}
	}
	a, problem := grid.OpenArchive(name, data, limits)
	switch {
	case problem != nil && ext == ".docx":
		return detection{format: wordFormat}
	case problem != nil && ext != ".zip":
		return detection{format: workbookFormat}
	case problem != nil:
		return detection{format: archiveFormat}
	case a.Has("content.xml") && a.Has("META-INF/manifest.xml") && ext == ".ods":
		return openSheet
	case a.Has("content.xml") && a.Has("META-INF/manifest.xml"):
		return openText
	case a.Has(document):
		return detection{format: wordFormat}
	case a.Has("[Content_Types].xml") && (ext != ".docx" || a.Has("xl/workbook.xml")):
		return detection{format: workbookFormat}
	case ext == ".docx":
		return detection{format: wordFormat}
	}
	return detection{format: archiveFormat}
}

// detectByName tells the format of a file that could be text.
func detectByName(name, ext string, data []byte) detection {
	switch ext {
	case ".xlsx", ".xlsm":
		return detection{format: workbookFormat} // whose reader says what it is instead
	case ".docx":
		return detection{format: wordFormat}
	case ".zip":
		return detection{format: archiveFormat}
	}
	named, ok := map[string]detection{
		".xls": oldSpreadsheet, ".et": oldSpreadsheet, ".doc": oldDocument, ".wps": oldDocument, ".rtf": richText,
		".ods": openSheet, ".odt": openText, ".pdf": portable, ".png": picture, ".jpg": picture, ".jpeg": picture,
		".gif": picture, ".bmp": picture, ".tif": picture, ".tiff": picture, ".webp": picture,
		".rar": otherArchive, ".7z": otherArchive, ".gz": otherArchive, ".mht": webArchive, ".mhtml": webArchive,
	}[ext]
	if ok {
		// Systems export text under the names of spreadsheets.
		if _, problem := grid.DecodeText(name, data); problem != nil || len(bytes.TrimSpace(data)) == 0 {
			return named
		}
	}
	return detection{format: textFormat}
}

// looksJSON reports whether a file is JSON: by its ending or its first character. Text
// files may begin with a bracket, so they have to be JSON altogether.
func looksJSON(ext string, begin, data []byte) bool {
	switch {
	case isJSONName(ext):
		return true
	case len(begin) == 0 || begin[0] != '{' && begin[0] != '[':
		return false
	case isOneOf(ext, ".txt", ".tsv", ".csv", ".md", ".markdown"):
		return json.Valid(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))
	}
	return !isOneOf(ext, ".xlsx", ".xlsm", ".docx", ".zip")
}

func isJSONName(ext string) bool { return isOneOf(ext, ".json", ".ndjson", ".jsonl") }
