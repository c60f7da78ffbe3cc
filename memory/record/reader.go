package record

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/mlxstar/mlxstar/memory"
)

const (
	maxBlock = 64 << 20 // as it lies in the file
	maxPlain = 1 << 30  // decompressed
	maxRows  = 1 << 22
)

func dirOf(path string) string { return filepath.Dir(path) }

// File is a recording that is read: one of Create, or a profile in JSON.
type File struct {
	// Profile is what was summed up last, with all rows that events refer to.
	Profile *memory.Profile
	// Ended is false where the process was ended before it could write its last profile:
	// the one here is some seconds older.
	Ended bool

	path  string
	trace []memory.Change
}

// Open reads a file but for its events.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	head, _ := in.Peek(len(magic)) // what is shorter is no recording
	if string(head) != magic {
		p, err := memory.Read(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out := &File{Profile: p, Ended: true, path: path, trace: p.Trace}
		p.Trace = nil
		return out, nil
	}
	out := &File{path: path}
	if err := out.read(in); err != nil {
		return nil, fmt.Errorf("%s: reading a memory record: %w", path, err)
	}
	return out, nil
}

// read takes in rows and profiles.
func (f *File) read(in *bufio.Reader) error {
	var rows []memory.Row
	var last []byte
	err := walk(in, func(kind byte) bool { return kind != eventsBlock }, func(kind byte, data []byte) error {
		switch kind {
		case rowsBlock:
			var r rowsFrom
			if err := json.Unmarshal(data, &r); err != nil {
				return err
			}
			if r.From != len(rows) || len(rows)+len(r.Rows) > maxRows {
				return fmt.Errorf("rows from %d on follow %d rows", r.From, len(rows))
			}
			rows = append(rows, r.Rows...)
		case profileBlock, finalBlock:
			last, f.Ended = data, kind == finalBlock
		}
		return nil
	})
	if err != nil {
		return err
	}
	f.Profile = &memory.Profile{Version: memory.Version}
	if last != nil {
		if err := json.Unmarshal(last, f.Profile); err != nil {
			return err
		}
		if v := f.Profile.Version; v < 1 || v > memory.Version {
			return fmt.Errorf("its version is %d, this program reads %d", v, memory.Version)
		}
	}
	if len(rows) > len(f.Profile.Rows) { // of after the last profile
		f.Profile.Rows = append(f.Profile.Rows, rows[len(f.Profile.Rows):]...)
	}
	return nil
}

// Changes yields the recorded events, the earliest first. Stretches may be missing, see
// the package's comment.
func (f *File) Changes(yield func(c memory.Change) bool) error {
	if f.trace != nil {
		for _, c := range f.trace {
			if !yield(c) {
				break
			}
		}
		return nil
	}
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewReader(file)
	if head, _ := in.Peek(len(magic)); string(head) != magic {
		return nil // a profile without events
	}
	err = walk(in, func(kind byte) bool { return kind == eventsBlock }, func(_ byte, data []byte) error {
		events, err := decodeEvents(data)
		if err != nil {
			return err
		}
		for i := range events {
			c := events[i].Change()
			if c.Row >= len(f.Profile.Rows) {
				return fmt.Errorf("an event has row %d of %d", c.Row, len(f.Profile.Rows))
			}
			if !yield(c) {
				return errStop
			}
		}
		return nil
	})
	if errors.Is(err, errStop) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: reading a memory record: %w", f.path, err)
	}
	return nil
}

var errStop = errors.New("enough")

// walk reads the magic and gives each block of the wanted kinds, decompressed. A block
// that is cut short is the last one: its process was ended while it wrote.
func walk(in *bufio.Reader, want func(kind byte) bool, use func(kind byte, data []byte) error) error {
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPlain))
	if err != nil {
		return err
	}
	defer dec.Close()
	if _, err := in.Discard(len(magic)); err != nil {
		return err
	}
	var packed []byte
	for {
		kind, err := in.ReadByte()
		if err != nil {
			return nil // the end
		}
		n, err := binary.ReadUvarint(in)
		if err != nil {
			return nil
		}
		if n > maxBlock {
			return fmt.Errorf("a block of %d bytes, want at most %d", n, maxBlock)
		}
		if !want(kind) {
			if _, err := in.Discard(int(n)); err != nil {
				return nil
			}
			continue
		}
		if packed, err = readInto(in, packed, int(n)); err != nil {
			return nil
		}
		data, err := dec.DecodeAll(packed, nil)
		if err != nil {
			return err
		}
		if err := use(kind, data); err != nil {
			return err
		}
	}
}

// readInto reads n bytes, and takes no more memory than the bytes that are there warrant.
func readInto(in io.Reader, buf []byte, n int) ([]byte, error) {
	buf = buf[:0]
	for len(buf) < n {
		step := min(n-len(buf), 1<<20)
		at := len(buf)
		buf = append(buf, make([]byte, step)...)
		if _, err := io.ReadFull(in, buf[at:]); err != nil {
			return buf, err
		}
	}
	return buf, nil
}
