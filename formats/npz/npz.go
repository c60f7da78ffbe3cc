// Package npz reads and writes archives of arrays: zip files whose members are
// npy files, stored or deflated.
//
// A member "w.npy" is the array "w"; other suffixes stay part of the name. The
// elements of a stored member can be mapped where they lie, those of a
// deflated one must be loaded. Nothing else belongs in such an archive: a
// member that is no npy file is an error that names it.
package npz

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npy"
)

const (
	format = "npz"
	suffix = ".npy"
	// maxRatio is the most that deflate can expand a byte.
	maxRatio = 1032
)

// File is the parsed directory of an archive.
type File struct {
	Members []Member
}

// Member is one array. If Stored, its bytes lie in the file where Tensor says
// and Load need not be used; the archive's checksum is then not verified. If
// not, Offset is -1 and Length counts the decompressed bytes.
type Member struct {
	formats.Tensor
	Stored bool
	entry  *zip.File
}

// Read parses the directory of a file of the given size, and the header of each member.
func Read(r io.ReaderAt, size int64) (*File, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, archiveError("read directory", err)
	}
	f := &File{Members: make([]Member, 0, min(len(archive.File), 1024))}
	seen := make(map[string]bool)
	if err := checkRanges(archive.File, size); err != nil {
		return nil, err
	}
	for _, entry := range archive.File {
		m, err := open(entry)
		if err != nil {
			return nil, err
		}
		if seen[m.Name] {
			return nil, formats.Errorf(format, formats.Malformed, -1, "read directory: array %s occurs twice", m.Label())
		}
		seen[m.Name] = true
		f.Members = append(f.Members, m)
	}
	return f, nil
}

// ReadAll reads and checks every array of a file.
func ReadAll(r io.ReaderAt, size int64) ([]formats.Loaded, error) {
	f, err := Read(r, size)
	if err != nil {
		return nil, err
	}
	loaded := make([]formats.Loaded, 0, len(f.Members))
	for _, m := range f.Members {
		l, err := m.Load()
		if err != nil {
			return nil, err
		}
		loaded = append(loaded, l)
	}
	return loaded, nil
}

// checkRanges refuses members that leave the file or share bytes: an archive
// could otherwise expand the same bytes any number of times.
func checkRanges(entries []*zip.File, size int64) error {
	type span struct {
		begin, end int64
		name       string
	}
	spans := make([]span, 0, len(entries))
	for _, entry := range entries {
		label := "read array " + formats.Quote(entry.Name)
		begin, err := entry.DataOffset()
		if err != nil {
			return archiveError(label, err)
		}
		if begin > size || entry.CompressedSize64 > uint64(size-begin) {
			return formats.Errorf(format, formats.Truncated, begin, "%s: %d bytes of a member do not fit the file of %d bytes", label, entry.CompressedSize64, size)
		}
		spans = append(spans, span{begin, begin + int64(entry.CompressedSize64), entry.Name})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.begin, b.begin) })
	for i := 1; i < len(spans); i++ {
		if a, b := spans[i-1], spans[i]; b.begin < a.end {
			return formats.Errorf(format, formats.Malformed, b.begin, "read directory: members %s and %s share bytes", formats.Quote(a.name), formats.Quote(b.name))
		}
	}
	return nil
}

// open reads the header of a member and checks it against the directory.
func open(entry *zip.File) (Member, error) {
	m := Member{entry: entry, Stored: entry.Method == zip.Store}
	name := strings.TrimSuffix(entry.Name, suffix)
	label := "read array " + formats.Quote(name)
	content, err := entry.Open()
	if err != nil {
		return m, archiveError(label, err)
	}
	m.Tensor, err = npy.ReadHeader(content)
	content.Close()
	if err != nil {
		return m, archiveError(label, err)
	}
	m.Name = name
	if want := uint64(m.Offset) + uint64(m.Length); want != entry.UncompressedSize64 {
		return m, formats.Errorf(format, formats.Malformed, -1, "%s: the member has %d bytes, want %d for %s", label, entry.UncompressedSize64, want, m.Layout())
	}
	if !m.Stored {
		if entry.UncompressedSize64/maxRatio > entry.CompressedSize64 {
			return m, formats.Errorf(format, formats.Malformed, -1, "%s: %d bytes cannot come from %d compressed ones", label, entry.UncompressedSize64, entry.CompressedSize64)
		}
		m.Offset = -1
		return m, nil
	}
	if entry.CompressedSize64 != entry.UncompressedSize64 {
		return m, formats.Errorf(format, formats.Malformed, -1, "%s: a stored member of %d bytes takes %d", label, entry.UncompressedSize64, entry.CompressedSize64)
	}
	start, err := entry.DataOffset()
	if err != nil {
		return m, archiveError(label, err)
	}
	m.Offset += start
	return m, nil
}

// ReadElements reads the elements into dst, which must have Length bytes, in C
// order and little-endian, and verifies the archive's checksum. It ends soon after
// the context.
func (m Member) ReadElements(ctx context.Context, dst []byte) error {
	if int64(len(dst)) != m.Length {
		return formats.Errorf(format, formats.Malformed, -1, "read array %s: got a buffer of %d bytes, want %d", m.Label(), len(dst), m.Length)
	}
	if m.Plain() {
		_, err := m.read(func(r io.Reader, _ int64) ([]byte, error) {
			_, err := io.ReadFull(until{ctx, r}, dst)
			return dst, err
		})
		return err
	}
	raw, err := m.read(func(r io.Reader, n int64) ([]byte, error) { return formats.ReadN(until{ctx, r}, n) })
	if err == nil {
		copy(dst, m.Tensor.Load(raw).Data)
	}
	return err
}

// until reads as long as a context lasts.
type until struct {
	ctx  context.Context
	from io.Reader
}

// readPiece is how much is read between two looks at the context.
const readPiece = 1 << 20

func (u until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.from.Read(p[:min(readPiece, len(p))])
}

// Load reads the elements and verifies the archive's checksum.
func (m Member) Load() (formats.Loaded, error) {
	raw, err := m.read(formats.ReadN)
	if err != nil {
		return formats.Loaded{}, err
	}
	return m.Tensor.Load(raw), nil
}

// read reads the member's elements by the given function, and all around them.
func (m Member) read(elements func(r io.Reader, n int64) ([]byte, error)) ([]byte, error) {
	label := "read array " + m.Label()
	content, err := m.entry.Open()
	if err != nil {
		return nil, archiveError(label, err)
	}
	defer content.Close()
	t, err := npy.ReadHeader(content)
	if err == nil && t.Length != m.Length {
		err = errors.New("the file has changed since its directory was read")
	}
	if err != nil {
		return nil, archiveError(label, err)
	}
	raw, err := elements(content, m.Length)
	if err != nil {
		return nil, archiveError(label, err)
	}
	// Only the read that meets the end compares the checksum.
	if _, err := content.Read(make([]byte, 1)); err != io.EOF {
		if err == nil {
			err = errors.New("more bytes than the header says")
		}
		return nil, archiveError(label, err)
	}
	return raw, nil
}

// archiveError makes an *formats.Error of this format.
func archiveError(operation string, err error) error {
	var typed *formats.Error
	kind := formats.IO
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		kind = formats.Unsupported
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrChecksum), isCorrupt(err):
		kind = formats.Malformed
	case errors.As(err, &typed):
		kind = typed.Kind
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		kind, err = formats.Truncated, io.ErrUnexpectedEOF
	}
	return &formats.Error{Format: format, Kind: kind, Offset: -1, Message: operation, Err: err}
}

// isCorrupt reports whether err says that deflated bytes make no sense.
func isCorrupt(err error) bool {
	var corrupt flate.CorruptInputError
	var internal flate.InternalError
	return errors.As(err, &corrupt) || errors.As(err, &internal)
}
