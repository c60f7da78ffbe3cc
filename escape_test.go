package mlxstar_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

const (
	hidden     = "what the host hides"
	fewEscapes = 60 // attempts that the table must have
	everyNth   = 6  // of them is made in kinds like others, without the flag
	fewRounds  = 40 // of an attempt that races
	manyRounds = 400
)

var everyEscape = flag.Bool("escapes", false, "make every attempt to leave a folder in every kind of file system, those that race with the host more often")

// attempt is a way to reach what lies beside the folder that scripts have. The script sets
// got to what it finds; base is the folder above, secret a file in it. Meanwhile, if given,
// runs again and again beside the script, with the host's rights.
type attempt struct {
	name, script string
	meanwhile    func(inside string, i int)
}

// readings are names of the secret file.
var readings = map[string]string{
	"its path": "secret", "above": "'../secret.txt'", "above the root": "'/../secret.txt'", "above a folder": "'sub/../../secret.txt'",
	"far above": "'../' * 40 + secret", "backslashes": "'..\\\\secret.txt'", "two slashes": "'//' + secret", "a URL": "'file://' + secret",
	"a drive": "'C:' + secret", "an absolute link": "'abs'", "a relative link": "'rel'", "a chain of links": "'chain'", "a link in a folder": "'sub/deep'",
	"a link to the folder": "'dirlink/secret.txt'", "a link to the root": "'root' + secret", "a link up": "'up/secret.txt'", "up and down a link": "'up/inside/../secret.txt'",
	"the process's root": "'/proc/self/root' + secret", "a link to the process's root": "'proc' + secret", "a NUL": "'in.txt\\0/../../secret.txt'",
	"a long way": "'sub/../' * 600 + '../secret.txt'", "wide dots": "'\uff0e\uff0e/secret.txt'", "escaped dots": "'%2e%2e/secret.txt'", "a dot at the end": "'rel/.'",
	"a loop of links": "'loop/../secret.txt'", "bytes": "b'../secret.txt'",
}

// reads read a file by a name.
const reads = `
for read in (lambda p: open(p).read(), lambda p: open(p, 'rb').read(), lambda p: open(p, 'r+').read(), lambda p: pathlib.Path(p).read_text(), lambda p: np.fromfile(p, dtype='uint8').tobytes(),
             lambda p: mx.load(p), lambda p: np.load(p), lambda p: shutil.copy(p, 'copy') and open('copy').read(), lambda p: 'size %d' % os.stat(p).st_size, lambda p: json.load(open(p))):
    try: got.append(read(p))
    except Exception: pass
`

// attempts are the others.
var attempts = []attempt{
	{"list above", "got.extend(os.listdir('..'))", nil},
	{"list a link", "got.extend(os.listdir('dirlink'))", nil},
	{"scan a link", "got.extend(e.name for e in os.scandir('up'))", nil},
	{"walk through links", "for at, dirs, names in os.walk('.', followlinks=True): got.extend(names)", nil},
	{"glob through a link", "got.extend(glob.glob('up/*') + glob.glob('../*') + glob.glob('**/secret*', recursive=True))", nil},
	{"change above", "os.chdir('..'); got.append(open('secret.txt').read())", nil},
	{"change into a link", "os.chdir('dirlink'); got.append(open('secret.txt').read())", nil},
	{"change into a link and up", "os.chdir('sub'); os.chdir('deepdir'); got.append(open('../secret.txt').read())", nil},
	{"import above", "sys.path.append('..'); import secret; got.append(secret.leaked)", nil},
	{"import through a link", "sys.path.append('up'); import secret; got.append(secret.leaked)", nil},
	{"import a link", "import mod_out; got.append(mod_out.leaked)", nil},
	{"import an archive", "sys.path.append('up/secret.zip'); import zipped; got.append(zipped.leaked)", nil},
	{"copy a tree", "shutil.copytree('dirlink', 'tree'); got.append(open('tree/secret.txt').read())", nil},
	{"move", "shutil.move('dirlink/secret.txt', 'moved'); got.append(open('moved').read())", nil},
	{"a traceback's source", "import traceback\ntry: exec(compile('1/0', secret, 'exec'))\nexcept Exception: got.append(traceback.format_exc().replace('secret.txt', ''))", nil},
	{"inspect a source", "import inspect\nns = {}\nexec(compile('def f(): pass', secret, 'exec'), ns)\ngot.append(inspect.getsource(ns['f']))", nil},
	{"read an archive", "import zipfile; got.append(zipfile.ZipFile('up/secret.zip').read('zipped.py'))", nil},
	{"a link's own target", "os.symlink(secret, 'mine'); got.append(open('mine').read())", nil},
	{"a link to the folder above", "os.symlink('..', 'mine'); got.append(open('mine/secret.txt').read())", nil},
	{"an archive that leads out", "import zipfile, io\nb = io.BytesIO()\nz = zipfile.ZipFile(b, 'w'); z.writestr('../made.txt', 'x'); z.close()\nzipfile.ZipFile(b).extractall('sub')", nil},
	{"write", "for p in names:\n    for mode in ('w', 'a', 'r+', 'x', 'wb'):\n        try: open(p, mode).write('changed')\n        except Exception: pass", nil},
	{"truncate", "for p in names:\n    try: os.truncate(p, 0)\n    except Exception: pass\n    try: open(p, 'r+').truncate(0)\n    except Exception: pass", nil},
	{"remove", "for p in names:\n    try: os.remove('../secret.txt'); os.remove('dirlink/secret.txt'); os.remove(secret)\n    except Exception: pass", nil},
	{"remove a tree", "for p in ('..', 'dirlink', 'up', '/..'):\n    try: shutil.rmtree(p)\n    except Exception: pass", nil},
	{"rename out", "for to in ('../made.txt', 'up/made.txt', 'dirlink/secret.txt', '/../made'):\n    try: os.rename('in.txt', to)\n    except Exception: pass", nil},
	{"rename in", "for p in names:\n    try: os.rename('up/secret.txt', 'got.txt'); got.append(open('got.txt').read())\n    except Exception: pass", nil},
	{"make folders", "for p in ('../made', 'up/made', 'dirlink/made', '/../made'):\n    try: os.mkdir(p)\n    except Exception: pass\n    try: os.makedirs(p + '/made')\n    except Exception: pass", nil},
	{"permissions", "for p in names:\n    try: os.chmod(p, 0)\n    except Exception: pass", nil},
	{"times", "for p in names:\n    try: os.utime(p, (1, 1))\n    except Exception: pass", nil},
	{"save arrays", "for p in ('../made', 'up/made', 'rel', 'abs', secret):\n    for save in (lambda: mx.save(p, mx.ones(1)), lambda: mx.save_safetensors(p, {'a': mx.ones(1)}), lambda: np.save(p, np.ones(1)), lambda: mx.savez(p, a=mx.ones(1))):\n        try: save()\n        except Exception: pass", nil},
	{"a temporary file", "import tempfile\nfor p in ('..', 'up', 'dirlink'):\n    try: tempfile.mkdtemp(dir=p)\n    except Exception: pass\n    try: tempfile.NamedTemporaryFile(dir=p, delete=False).write(b'x')\n    except Exception: pass", nil},

	// What a name is changes while the script runs.
	{"a link that alternates", again("got.append(open('swapped').read())"), alternate("swapped", "in.txt", "../secret.txt")},
	{"an absolute link that alternates", again("got.append(open('swapped').read())"), alternate("swapped", "in.txt", "SECRET")},
	{"a file that becomes a link", again("got.append(open('swapped').read())"), become("swapped")},
	{"a folder that becomes a link", again("got.append(open('swapped/secret.txt').read())"), alternate("swapped", "sub", "..")},
	{"a folder on the way that becomes a link", again("got.append(open('sub/swapped/../../secret.txt').read()); got.append(open('sub/swapped/secret.txt').read())"), alternate("sub/swapped", ".", "../..")},
	{"listing what becomes a link", again("got.extend(os.listdir('swapped'))"), alternate("swapped", "sub", "..")},
	{"walking what becomes a link", again("for at, dirs, names in os.walk('swapped', followlinks=True): got.extend(names)"), alternate("swapped", "sub", "..")},
	{"the current folder becomes a link", "os.chdir('swapped')\n" + again("got.append(open('secret.txt').read())"), alternate("swapped", "sub", "..")},
	{"importing what becomes a link", "sys.path.append('swapped')\n" + again("sys.modules.pop('secret', None)\nimport secret\ngot.append(secret.leaked)"), alternate("swapped", "sub", "..")},
	{"loading what becomes a link", again("got.append(mx.load('swapped/out.npy').tolist())"), alternate("swapped", "sub", "..")},
	{"looking at what becomes a link", again("got.append('size %d' % os.stat('swapped').st_size)"), alternate("swapped", "in.txt", "../secret.txt")},
	{"writing to what becomes a link", again("open('swapped', 'w').write('changed')"), alternate("swapped", "other.txt", "../secret.txt")},
	{"appending to what becomes a link", again("open('swapped', 'a').write('changed')"), alternate("swapped", "other.txt", "SECRET")},
	{"removing in what becomes a link", again("os.remove('swapped/secret.txt')"), alternate("swapped", "sub", "..")},
	{"making in what becomes a link", again("os.mkdir('swapped/made')"), alternate("swapped", "sub", "..")},
	{"renaming into what becomes a link", again("open('moving', 'w').close(); os.rename('moving', 'swapped/made')"), alternate("swapped", "sub", "..")},
	{"renaming from what becomes a link", again("os.rename('swapped/secret.txt', 'got.txt'); got.append(open('got.txt').read())"), alternate("swapped", "sub", "..")},
	{"saving into what becomes a link", again("mx.save('swapped/made.npy', mx.ones(1))"), alternate("swapped", "sub", "..")},
	{"saving over what becomes a link", again("mx.save('swapped.npy', mx.ones(1))"), alternate("swapped.npy", "other.npy", "../secret.txt")},
	{"permissions of what becomes a link", again("os.chmod('swapped', 0o600)"), alternate("swapped", "other.txt", "../secret.txt")},
	{"times of what becomes a link", again("os.utime('swapped', (1, 1))"), alternate("swapped", "other.txt", "../secret.txt")},
	{"removing a tree that becomes a link", again("shutil.rmtree('swapped')"), alternate("swapped", "sub", "..")},
	{"a folder that leaves", again("got.append(open('going/../secret.txt').read()); got.append(open('going/secret.txt').read()); got.extend(os.listdir('going/..'))"), leave},
	{"a name that is kept", "f = open('in.txt')\n" + again("f.seek(0); got.append(f.read())"), become("in.txt")},
}

// again has a script try so often that what it races with comes in between.
func again(statement string) string {
	return "for _ in range(rounds):\n    try:\n        " + strings.ReplaceAll(statement, "\n", "\n        ") + "\n    except Exception: pass"
}

// alternate makes a name a link to either of two targets in turn.
func alternate(name string, targets ...string) func(inside string, i int) {
	return func(inside string, i int) {
		target := strings.ReplaceAll(targets[i%len(targets)], "SECRET", filepath.Join(filepath.Dir(inside), "secret.txt"))
		next := filepath.Join(inside, "next")
		_ = os.Symlink(target, next)                     // the script may have
		_ = os.Rename(next, filepath.Join(inside, name)) // taken its place
	}
}

// become makes a name a file and a link out in turn.
func become(name string) func(inside string, i int) {
	return func(inside string, i int) {
		next := filepath.Join(inside, "next")
		if i%2 == 0 {
			_ = os.WriteFile(next, []byte("in"), 0o600)
		} else {
			_ = os.Symlink("../secret.txt", next)
		}
		_ = os.Rename(next, filepath.Join(inside, name))
	}
}

// leave moves a folder out and back.
func leave(inside string, i int) {
	in, out := filepath.Join(inside, "going"), filepath.Join(filepath.Dir(inside), "elsewhere", "going")
	if i == 0 {
		_ = os.Mkdir(in, 0o700)
	}
	if i%2 == 0 {
		in, out = out, in
	}
	_ = os.Rename(out, in) // it is where the last round left it
}

// kinds are the file systems that a runtime may have of a folder.
var kinds = map[string]func(t *testing.T, inside string) mlxstar.FileSystem{
	"folder":          func(t *testing.T, inside string) mlxstar.FileSystem { return opened(t, inside) },
	"read only":       func(t *testing.T, inside string) mlxstar.FileSystem { return mlxstar.ReadOnly(opened(t, inside)) },
	"os.DirFS":        func(_ *testing.T, inside string) mlxstar.FileSystem { return mlxstar.ReadOnly(os.DirFS(inside)) },
	"part of a DirFS": func(t *testing.T, inside string) mlxstar.FileSystem { return mlxstar.ReadOnly(part(t, inside)) },
	"os.Root": func(t *testing.T, inside string) mlxstar.FileSystem {
		root, err := os.OpenRoot(inside)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { root.Close() })
		return mlxstar.ReadOnly(root.FS())
	},
	"memory": func(*testing.T, string) mlxstar.FileSystem {
		return mlxstar.ReadOnly(fstest.MapFS{"in.txt": {Data: []byte("in")}, "sub/mod.py": {Data: []byte("here = 1\n")}, "tmp/x": {}, "rel": {Data: []byte("../secret.txt"), Mode: fs.ModeSymlink}})
	},
	"archive": func(t *testing.T, _ string) mlxstar.FileSystem {
		data := zipped(t, map[string]string{"in.txt": "in", "sub/mod.py": "here = 1\n", "../secret.txt": "in", "/secret.txt": "in"})
		r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			t.Fatal(err)
		}
		return mlxstar.ReadOnly(r)
	},
	"mounts": func(t *testing.T, inside string) mlxstar.FileSystem {
		files, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{"/": opened(t, inside), "/sub": opened(t, filepath.Join(inside, "sub")), "/a/b": mlxstar.ReadOnly(os.DirFS(inside))})
		if err != nil {
			t.Fatal(err)
		}
		return files
	},
	"mounts without a root": func(t *testing.T, inside string) mlxstar.FileSystem {
		files, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{"/x/y": opened(t, inside)})
		if err != nil {
			t.Fatal(err)
		}
		return files
	},
}

func opened(t *testing.T, path string) *mlxstar.Folder {
	folder, err := mlxstar.Dir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	return folder
}

func part(t *testing.T, inside string) fs.FS {
	sub, err := fs.Sub(os.DirFS(filepath.Dir(inside)), filepath.Base(inside))
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

func zipped(t *testing.T, members map[string]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range members {
		m, err := w.Create(name)
		if err == nil {
			_, err = m.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// world makes a folder with something beside it, and links that lead out.
func world(t *testing.T) (inside string) {
	base := t.TempDir()
	inside = filepath.Join(base, "inside")
	for _, dir := range []string{"elsewhere", "inside", "inside/sub", "inside/tmp"} {
		if err := os.Mkdir(filepath.Join(base, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{"secret.txt": hidden, "secret.py": "leaked = '" + hidden + "'\n", "secret.zip": string(zipped(t, map[string]string{"zipped.py": "leaked = '" + hidden + "'\n"})),
		"out.npy": hidden, "inside/in.txt": "in", "inside/other.txt": "in", "inside/sub/mod.py": "here = 1\n"} {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"up": "..", "abs": filepath.Join(base, "secret.txt"), "rel": "../secret.txt", "root": "/", "sub/deep": "../../secret.txt", "sub/deepdir": "../..",
		"chain": "rel", "dirlink": base, "mod_out.py": "../secret.py", "proc": "/proc/self/root", "loop": "loop"} {
		if err := os.Symlink(target, filepath.Join(inside, filepath.FromSlash(link))); err != nil {
			t.Skipf("this system makes no symbolic links: %v", err)
		}
	}
	return inside
}

// outside describes all that lies beside the folder.
func outside(t *testing.T, inside string) string {
	base := filepath.Dir(inside)
	var all []string
	err := filepath.WalkDir(base, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == base {
			return err
		}
		if path == inside || strings.HasSuffix(path, "/going") {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text := ""
		if info.Mode().IsRegular() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			text = string(b)
		}
		all = append(all, fmt.Sprint(path, info.Mode(), text))
		if !info.IsDir() {
			all = append(all, fmt.Sprint(info.ModTime()))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return strings.Join(all, "\n")
}

// TestEscapes makes every attempt to reach what lies beside the folder, in every kind of
// file system: none of it is seen, and none of it changes.
func TestEscapes(t *testing.T) {
	all := slices.Clone(attempts)
	for name, path := range readings {
		all = append(all, attempt{"read by " + name, "p = " + path + reads, nil})
	}
	if len(all) < fewEscapes {
		t.Fatalf("%d attempts, want %d", len(all), fewEscapes)
	}
	for kind, files := range kinds {
		t.Run(kind, func(t *testing.T) {
			for i, a := range all {
				if !*everyEscape && kind != "folder" && i%everyNth != len(kind)%everyNth {
					continue
				}
				t.Run(a.name, func(t *testing.T) { tryEscape(t, a, files) })
			}
		})
	}
}

func tryEscape(t *testing.T, a attempt, files func(t *testing.T, inside string) mlxstar.FileSystem) {
	inside := world(t)
	base := filepath.Dir(inside)
	before := outside(t, inside)
	rounds := fewRounds
	if *everyEscape {
		rounds = manyRounds
	}
	rt := suite.NewRuntime(t, mlxstar.Options{Files: files(t, inside), Threads: 1})
	if err := errors.Join(rt.Set("secret", filepath.Join(base, "secret.txt")), rt.Set("rounds", rounds)); err != nil {
		t.Fatal(err)
	}
	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; a.meanwhile != nil && !over.Load(); i++ {
			a.meanwhile(inside, i)
			time.Sleep(time.Microsecond)
		}
	}()
	for _, root := range []string{"", "os.chdir('/x/y')\n", "os.chdir('/a/b')\n"} {
		script := "import os, sys, shutil, pathlib, glob, json, mlx.core as mx, numpy as np\nnames = ['../secret.txt', 'up/secret.txt', 'abs', 'rel', 'chain', 'sub/deep', 'dirlink/secret.txt', secret]\ngot = []\nos.chdir('/')\n" + root
		if err := rt.Exec(t.Context(), "at.py", script); err != nil {
			continue // these mounts are not there
		}
		_ = rt.Exec(t.Context(), "attempt.py", a.script) // any error will do
		v, err := rt.Eval(t.Context(), "got.py", "repr(got)")
		if err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{hidden, fmt.Sprint("size ", len(hidden)), "secret.txt", "secret.py"} {
			if strings.Contains(v.(string), mark) {
				t.Errorf("it got %.300s", v)
			}
		}
	}
	over.Store(true)
	<-done
	if after := outside(t, inside); after != before {
		t.Errorf("outside there is\n%s\nand was\n%s", after, before)
	}
}
