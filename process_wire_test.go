package mlxstar

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// FuzzReceived reads what a process that is not to be trusted might say. Whatever comes is
// a value or an error, and takes no more memory than the message is long.
func FuzzReceived(f *testing.F) {
	file, err := os.Create(filepath.Join(f.TempDir(), "elements"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = file.Close() })
	rt, err := New(Options{Threads: 1, MemoryLimit: 1 << 20})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = rt.Close() })
	a, err := NewArray(rt, []float32{1, 2, 3})
	if err != nil {
		f.Fatal(err)
	}
	d := starlark.NewDict(1)
	_ = d.SetKey(starlark.String("k"), starlark.Tuple{starlark.None, starlark.True})
	for _, v := range []starlark.Value{d, rt.mx.Wrap(a), starlark.Bytes("abc"), object.Complex(1i), starlark.MakeInt(5).Lsh(100), starlark.NewList([]starlark.Value{starlark.Float(1)})} {
		m := &message{ctx: f.Context(), file: file}
		if err := m.value(v, 0); err != nil {
			f.Fatal(err)
		}
		f.Add(m.buf)
	}
	f.Add(bytes.Repeat([]byte{tagList, 1}, 1000))
	f.Add([]byte{tagList, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{tagString, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Add([]byte{tagDict, 1, tagList, 0, tagNone})
	f.Add([]byte{tagArray, 7, 'f', 'l', 'o', 'a', 't', '3', '2', 2, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		in := &received{buf: b, file: file, left: 1 << 20, rt: rt}
		if v, err := in.value(0); err == nil {
			_ = v.Type()
		}
	})
}

func TestWireLimitsHaveAnOrder(t *testing.T) {
	for _, l := range wireLimits {
		if w := toWire(l.err); w.Limit != l.name || limitNamed(l.name) != l.err {
			t.Errorf("%v goes as %q and comes back as %v", l.err, w.Limit, limitNamed(l.name))
		}
	}
	for range 20 { // a map's order is another each time
		err := fmt.Errorf("%w: %w", context.Canceled, context.DeadlineExceeded)
		if w := toWire(err); w.Limit != "deadline" {
			t.Fatalf("a deadline goes as %q", w.Limit)
		}
	}
}
