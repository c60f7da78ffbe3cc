package install

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/textproto"
	"path"
	"slices"
	"strings"
)

// wheelName is what the name of a wheel's file says.
type wheelName struct {
	name, version       string
	python, abi, system []string
}

// parseWheelName reads NAME-VERSION[-BUILD]-PYTHON-ABI-SYSTEM.whl.
func parseWheelName(file string) (wheelName, bool) {
	base, ok := strings.CutSuffix(file, ".whl")
	parts := strings.Split(base, "-")
	if !ok || len(parts) < 5 || len(parts) > 6 {
		return wheelName{}, false
	}
	tags := parts[len(parts)-3:]
	return wheelName{parts[0], parts[1], strings.Split(tags[0], "."), strings.Split(tags[1], "."), strings.Split(tags[2], ".")}, true
}

// pure reports whether the wheel is for any system, and for the language's version.
func (w wheelName) pure() bool {
	return slices.Contains(w.abi, "none") && slices.Contains(w.system, "any") && slices.ContainsFunc(w.python, runsHere)
}

// pythonMinor is the version of Python whose language runs here: 3.11.
const pythonMinor = 11

func runsHere(tag string) bool {
	if tag == "py3" {
		return true
	}
	for minor := range pythonMinor + 1 {
		if tag == fmt.Sprintf("py3%d", minor) {
			return true
		}
	}
	return tag == fmt.Sprintf("cp3%d", pythonMinor)
}

// wheel is the content of a wheel.
type wheel struct {
	files    map[string]*zip.File // by where they go
	info     string               // the name of the folder of metadata
	metadata textproto.MIMEHeader
}

const (
	mostFiles    = 100_000
	mostUnpacked = 4 << 30
)

// nativeEndings are those of files with machine code.
var nativeEndings = []string{".so", ".pyd", ".dylib", ".dll"}

// openWheel reads a wheel and holds it to what installing takes: no file outside of its folder,
// none of machine code, and all as RECORD says.
func openWheel(file string, content []byte) (*wheel, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(z.File) > mostFiles {
		return nil, fmt.Errorf("%s: has %d files, want at most %d", file, len(z.File), mostFiles)
	}
	w := &wheel{files: map[string]*zip.File{}}
	total := uint64(0)
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if err := w.add(f); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", file, f.Name, err)
		}
		if total += f.UncompressedSize64; total > mostUnpacked {
			return nil, fmt.Errorf("%s: takes more than %d GiB", file, mostUnpacked>>30)
		}
	}
	if w.info == "" {
		return nil, fmt.Errorf("%s: has no metadata", file)
	}
	if w.metadata, err = w.header("METADATA"); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if err := w.checkRecord(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return w, nil
}

func (w *wheel) add(f *zip.File) error {
	name := f.Name
	if !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00") {
		return errors.New("is no place within a package")
	}
	if !f.Mode().IsRegular() {
		return errors.New("is no plain file")
	}
	if slices.Contains(nativeEndings, path.Ext(name)) || strings.Contains(path.Base(name), ".so.") {
		return errors.New("holds machine code, which scripts do not call")
	}
	top, rest, _ := strings.Cut(name, "/")
	switch {
	case strings.HasSuffix(top, ".dist-info"):
		if w.info != "" && w.info != top {
			return errors.New("is a second folder of metadata")
		}
		w.info = top
	case strings.HasSuffix(top, ".data"):
		kind, inside, ok := strings.Cut(rest, "/")
		if !ok || kind != "purelib" && kind != "platlib" {
			return nil // programs, headers and what goes beside Python's own files
		}
		name = inside
	}
	if w.files[name] != nil {
		return errors.New("is there twice")
	}
	w.files[name] = f
	return nil
}

func (w *wheel) read(name string) ([]byte, error) {
	f := w.files[name]
	if f == nil {
		return nil, fmt.Errorf("has no %s", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err == nil && uint64(len(b)) != f.UncompressedSize64 {
		err = fmt.Errorf("%s: is longer than it says", name)
	}
	return b, err
}

// header reads the fields of a file of metadata.
func (w *wheel) header(name string) (textproto.MIMEHeader, error) {
	b, err := w.read(w.info + "/" + name)
	if err != nil {
		return nil, err
	}
	return parseHeader(b)
}

func parseHeader(b []byte) (textproto.MIMEHeader, error) {
	h, err := textproto.NewReader(bufio.NewReader(io.MultiReader(bytes.NewReader(b), strings.NewReader("\n\n")))).ReadMIMEHeader()
	if err != nil {
		return nil, fmt.Errorf("METADATA: %w", err)
	}
	return h, nil
}

// checkRecord holds the files to the hashes of RECORD.
func (w *wheel) checkRecord() error {
	b, err := w.read(w.info + "/RECORD")
	if err != nil {
		return err
	}
	rows := csv.NewReader(bytes.NewReader(b))
	rows.FieldsPerRecord = -1
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("RECORD: %w", err)
		}
		if len(row) < 2 || w.files[row[0]] == nil {
			continue
		}
		want, ok := strings.CutPrefix(row[1], "sha256=")
		if !ok {
			continue
		}
		content, err := w.read(row[0])
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		if got := base64.RawURLEncoding.EncodeToString(sum[:]); got != want {
			return fmt.Errorf("%s: its SHA-256 is %s, want %s as RECORD says", row[0], got, want)
		}
	}
}
