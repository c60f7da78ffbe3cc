package mlxstar_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestMounts works in several file systems as in one.
func TestMounts(t *testing.T) {
	base := t.TempDir()
	for _, name := range []string{"out", "data"} {
		if err := os.Mkdir(filepath.Join(base, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program := fstest.MapFS{"main.py": {Data: []byte("import helper\nv = helper.v\n")}, "helper.py": {Data: []byte("v = 7\n")}, "data/hidden": {Data: []byte("x")}, "data/too.txt": {Data: []byte("y")}}
	files, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{
		"/": mlxstar.ReadOnly(program), "/data/in": mlxstar.ReadOnly(opened(t, filepath.Join(base, "data"))), "/out": opened(t, filepath.Join(base, "out")),
		"/machine": mlxstar.SystemFiles(), "/nested": nested(t, base),
	})
	if err != nil {
		t.Fatal(err)
	}
	rt := suite.NewRuntime(t, mlxstar.Options{Files: files})
	if err := rt.ExecFile(t.Context(), "/main.py"); err != nil {
		t.Fatal(suite.Traceback(err))
	}
	if err := rt.Set("base", base); err != nil {
		t.Fatal(err)
	}
	suite.Exec(t, rt, `
import os, shutil, mlx.core as mx, numpy as np
assert v == 7 and os.getcwd() == '/'
assert os.listdir('/') == ['data', 'helper.py', 'machine', 'main.py', 'nested', 'out'], os.listdir('/')
assert os.listdir('data') == ['hidden', 'in', 'too.txt'], os.listdir('data')
assert os.path.isdir('/data/in') and os.path.isdir('/nested/a') and os.listdir('/nested') == ['a'] and os.listdir('/nested/a') == ['b']
assert os.path.realpath('/out/../data/in') == '/data/in' and not os.path.exists('/out/none')
assert sorted(d for d, _, _ in os.walk('/') if not d.startswith('/machine')) == ['/', '/data', '/data/in', '/nested', '/nested/a', '/nested/a/b', '/out']

mx.save_safetensors('/out/a.safetensors', {'x': mx.arange(5)})
held = mx.load('/out/a.safetensors')
mx.eval(held)
mx.save_safetensors('/out/a.safetensors', {'x': mx.ones(3)})
assert held['x'].tolist() == [0, 1, 2, 3, 4] and mx.load('/machine' + base + '/out/a.safetensors')['x'].tolist() == [1, 1, 1]
np.save('/nested/a/b/n.npy', np.arange(3))
assert np.load('/out/n.npy').tolist() == [0, 1, 2]
shutil.move('/out/n.npy', '/machine' + base + '/data/n.npy')
assert np.load('data/in/n.npy').tolist() == [0, 1, 2] and not os.path.exists('/out/n.npy')
os.makedirs('/out/tree/deep')
open('/out/tree/deep/t.txt', 'w').write('text')
shutil.move('/out/tree', '/machine' + base + '/data/tree')
assert open('/data/in/tree/deep/t.txt').read() == 'text' and os.listdir('/out') == ['a.safetensors']
os.chdir('/data')
assert os.listdir('in') == ['n.npy', 'tree'] and open('too.txt').read() == 'y'

def refused(error, f, *args):
    try: f(*args)
    except error: return
    raise AssertionError((f, args))
for p in ('/', '/out', '/data', '/data/in', '/nested/a', '/nested/a/b'):
    refused(OSError, os.rmdir, p)
    refused(OSError, os.rename, p, '/out/moved')
    refused(FileExistsError, os.mkdir, p)
    refused(IsADirectoryError, open, p)
    refused(IsADirectoryError, open, p, 'w')
    refused(Exception, mx.save, p, mx.ones(1))
    refused(Exception, mx.load, p + '.npy')
refused(OSError, open, '/data/in/n.npy', 'w')
refused(OSError, open, '/new', 'w')
refused(FileNotFoundError, open, '/nested/none')
refused(PermissionError, open, '/nested/none', 'w')
refused(OSError, os.rename, '/out/a.safetensors', '/data/in/a.safetensors')
refused(OSError, os.symlink, 'x', '/out/link')
`)
}

// nested are mounts within mounts.
func nested(t *testing.T, base string) mlxstar.FileSystem {
	inner, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{"/b": opened(t, filepath.Join(base, "out"))})
	if err != nil {
		t.Fatal(err)
	}
	outer, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{"/a": inner})
	if err != nil {
		t.Fatal(err)
	}
	return outer
}

// TestMountsRefused are paths that are none.
func TestMountsRefused(t *testing.T) {
	for path, files := range map[string]mlxstar.FileSystem{"data": mlxstar.SystemFiles(), "": mlxstar.SystemFiles(), "/data/": mlxstar.SystemFiles(), "/a/../b": mlxstar.SystemFiles(), "/a\\b": mlxstar.SystemFiles(), "/x": nil} {
		if _, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{path: files}); err == nil || !strings.HasPrefix(err.Error(), "mounts: ") {
			t.Errorf("%q: got %v", path, err)
		}
	}
}
