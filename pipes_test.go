//go:build linux || darwin

package mlxstar_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// endless are ways to wait for a pipe, or to read a device, that never end.
var endless = map[string]string{
	"read":         "open('pipe').read()",
	"write":        "open('pipe', 'w').write('x')",
	"both":         "f = open('pipe', 'r+b', 0)\nf.read()",
	"held":         "f = open('held')\nf.readline()",
	"load":         "import mlx.core as mx\nmx.load('pipe', format='npy')",
	"import":       "import sys\nsys.path.append('pipe')\nimport nothing",
	"source":       "import pipe",
	"numpy":        "import numpy as np\nnp.load('pipe')",
	"zeros":        "open('/dev/zero', 'rb').read()",
	"a line":       "open('/dev/zero').readline()",
	"load a zero":  "import mlx.core as mx\nmx.load('/dev/zero', format='npy')",
	"a long line":  "for line in open('sparse'): pass",
	"a source":     "import sparse",
	"its text":     "import traceback\ntry: exec(compile('1/0', 'sparse.py', 'exec'))\nexcept Exception: traceback.print_exc()\nraise ValueError",
	"fromfile":     "import numpy as np\nnp.fromfile('sparse')",
	"load a space": "import mlx.core as mx\nmx.load('sparse', format='npy')",
}

// TestEndlessFiles ends calls that wait for a pipe or read what has no end.
func TestEndlessFiles(t *testing.T) {
	dir := t.TempDir()
	pipe := func(name string) {
		path := filepath.Join(dir, name)
		_ = os.Remove(path)
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pipe("held")
	held, err := os.OpenFile(filepath.Join(dir, "held"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	for _, name := range []string{"sparse", "sparse.py"} {
		f, err := os.Create(filepath.Join(dir, name))
		if err == nil {
			err = errors.Join(f.Truncate(1<<36), f.Close())
		}
		if err != nil {
			t.Skipf("no files with holes here: %v", err)
		}
	}
	folder := opened(t, dir)
	for kind, files := range map[string]mlxstar.FileSystem{"system": mlxstar.SystemFiles(), "folder": folder, "read only": mlxstar.ReadOnly(folder)} {
		rt := suite.NewRuntime(t, mlxstar.Options{Files: files, HardMemoryLimit: 200 << 20})
		if kind == "system" {
			suite.Exec(t, rt, "import os\nos.chdir(r'"+dir+"')")
		}
		for name, script := range endless {
			t.Run(kind+"/"+name, func(t *testing.T) {
				// New ones, for a script before may still hold the other end of these.
				pipe("pipe")
				pipe("pipe.py")
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer cancel()
				start := time.Now()
				if err := rt.Exec(ctx, "endless.py", script); err == nil {
					t.Error("it came to an end")
				}
				if took := time.Since(start); took > 20*time.Second {
					t.Errorf("it took %v", took)
				}
			})
		}
	}
}

// TestPipe reads what somebody writes to a pipe.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() { _ = os.WriteFile(path, []byte("hello"), 0o600) }()
	rt := suite.NewRuntime(t, mlxstar.Options{Files: mlxstar.SystemFiles()})
	if err := rt.Set("path", path); err != nil {
		t.Fatal(err)
	}
	if v, err := rt.Eval(t.Context(), "pipe.py", "open(path).read()"); err != nil || v != "hello" {
		t.Errorf("got %v, %v", v, err)
	}
	if err := openInFolder(t, path); err == nil || !strings.Contains(err.Error(), "neither a file nor a directory") {
		t.Errorf("a folder's pipe: got %v", err)
	}
}

func openInFolder(t *testing.T, path string) error {
	f, err := opened(t, filepath.Dir(path)).OpenFile("/"+filepath.Base(path), os.O_RDONLY, 0)
	if err == nil {
		_ = f.Close()
	}
	return err
}
