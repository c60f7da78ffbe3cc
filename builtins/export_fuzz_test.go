package builtins_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/builtins"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// exportedSeeds are functions whose files a fuzzer starts from.
var exportedSeeds = []string{
	"lambda x: mx.exp(x) * 2 + w",
	"lambda x: (2 - x[None, ..., :1]).T.sum(axis=0, keepdims=True)",
	"mx.grad(lambda x: (x @ w.reshape(3, 1)).sum())",
	"mx.vmap(lambda x: x * x)",
	"lambda x: mx.jvp(mx.sin, [x], [x])[1]",
	"lambda x: x.at[0].add(1).astype(mx.float16)",
	"lambda x: mx.concatenate([x, mx.split(x, 3, axis=1)[0]], axis=-1)",
	"lambda x: (mx.sort(x), mx.argmax(x, axis=1), mx.cumsum(x, axis=0), mx.take(x, mx.array([1, 0]), axis=1), x[::-1, 1:])",
	"lambda x: (*mx.linalg.qr(x @ x.T, stream=mx.cpu), mx.fft.rfft(x), mx.softmax(x, axis=-1), mx.pad(x, 1))",
	"lambda x: mx.conv1d(x[None], mx.ones((2, 2, 3))) + mx.random.normal((1, 1, 2), key=mx.random.key(1))",
}

// oneFile is a file system of one file.
type oneFile []byte

func (f oneFile) Open(string) (builtins.Source, error) { return inMemory{bytes.NewReader(f)}, nil }

func (oneFile) Write(string, func(w io.Writer) error) error { return fs.ErrPermission }

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error   { return nil }
func (inMemory) Replaced() bool { return false }

// FuzzImportFunction reads and performs functions as files may hold them.
func FuzzImportFunction(f *testing.F) {
	dir := f.TempDir()
	h := newHost(f, dir)
	for _, src := range exportedSeeds {
		if _, err := h.run("seed", "w = mx.zeros(3)\nmx.export_function('f', "+src+", mx.ones((2, 3)), shapeless=True)"); err != nil {
			f.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "f"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	if _, err := h.run("limit", "mx.set_memory_limit(64 << 20)"); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		h.ctx = ctx
		h.memory = oneFile(data)
		_, err := h.run("import", "g = mx.import_function('f')\nfor x in (mx.ones((2, 3)), mx.ones((4, 3))):\n    mx.eval(g(x))")
		var e *object.Exception
		if err != nil && !errors.As(err, &e) && ctx.Err() == nil {
			t.Errorf("not a Python error: %v", err)
		}
	})
}
