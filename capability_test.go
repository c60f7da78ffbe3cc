package mlxstar_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// jail makes a folder with a file in it and a secret beside it, and links that lead out.
func jail(t *testing.T) (inside, secret string) {
	t.Helper()
	base := t.TempDir()
	inside, secret = filepath.Join(base, "inside"), filepath.Join(base, "secret.txt")
	for _, dir := range []string{inside, filepath.Join(inside, "sub"), filepath.Join(inside, "tmp")} {
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range map[string]string{
		secret: "secret", filepath.Join(base, "secret.py"): "leaked = True\n",
		filepath.Join(inside, "in.txt"): "in", filepath.Join(inside, "sub", "mod.py"): "here = 1\n", filepath.Join(inside, "sub", "__init__.py"): "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"up": "..", "abs": secret, "rel": "../secret.txt", "root": "/", "sub/deep": "../../secret.txt", "chain": "rel", "dirlink": base, "mod_out.py": "../secret.py", "fine": "in.txt",
	} {
		if err := os.Symlink(target, filepath.Join(inside, filepath.FromSlash(link))); err != nil {
			t.Skipf("this system makes no symbolic links: %v", err)
		}
	}
	return inside, secret
}

// TestNoWayOut tries to reach a file beside the folder that scripts have.
func TestNoWayOut(t *testing.T) {
	memory := fstest.MapFS{"in.txt": {Data: []byte("in")}, "sub/mod.py": {Data: []byte("here = 1\n")}, "sub/__init__.py": {}, "fine": {Data: []byte("in")}, "tmp/x": {}}
	open := func(inside string) *mlxstar.Folder {
		folder, err := mlxstar.Dir(inside)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { folder.Close() })
		return folder
	}
	for name, files := range map[string]func(inside string) mlxstar.FileSystem{
		"folder":            func(inside string) mlxstar.FileSystem { return open(inside) },
		"folder, read only": func(inside string) mlxstar.FileSystem { return mlxstar.ReadOnly(open(inside)) },
		"os.DirFS":          func(inside string) mlxstar.FileSystem { return mlxstar.ReadOnly(os.DirFS(inside)) },
		"memory":            func(string) mlxstar.FileSystem { return mlxstar.ReadOnly(memory) },
	} {
		t.Run(name, func(t *testing.T) {
			inside, secret := jail(t)
			escape(t, files(inside), inside, secret)
		})
	}
}

// escapes are statements that would set got to what lies outside.
func escapes(secret string) (attempts []string) {
	for _, p := range []string{
		secret, "../secret.txt", "/../secret.txt", "sub/../../secret.txt", "./../secret.txt", "//../secret.txt", "..//secret.txt", "/sub/../../secret.txt", "../../../../../../.." + secret,
		"abs", "rel", "sub/deep", "chain", "up/secret.txt", "dirlink/secret.txt", "root" + secret, "sub/../rel", "..\\secret.txt", "/proc/self/root" + secret, "/proc/self/environ", "/etc/passwd", "\x00", "up/inside/../secret.txt",
	} {
		for _, how := range []string{
			"open(p).read()", "open(p, 'rb').read()", "open(p, 'r+').read()", "pathlib.Path(p).read_text()", "mx.load(p)", "np.load(p)", "np.fromfile(p)", "shutil.copy(p, 'got.txt')",
			"open(p, 'w').write('changed')", "open(p, 'a').write('changed')", "os.remove(p)", "os.rename(p, 'got.txt')", "os.rename('in.txt', p)", "os.chmod(p, 0)", "os.utime(p)", "os.stat(p).st_size == 6 and 1/0", "os.symlink(p, 'mine') or open('mine').read()", "mx.save_safetensors(p + '.safetensors', {'a': mx.ones(1)})",
		} {
			attempts = append(attempts, fmt.Sprintf("p = %q\n    got = %s", p, how))
		}
	}
	for _, p := range []string{"..", "up", "dirlink", "root", "/.."} {
		attempts = append(attempts, fmt.Sprintf("got = [n for n in os.listdir(%q) if n == 'secret.txt'] or 1/0", p), fmt.Sprintf("os.mkdir(%q + '/made')", p), fmt.Sprintf("os.chdir(%q); got = open('secret.txt').read()", p))
	}
	attempts = append(attempts, "import mod_out; got = mod_out.leaked", "sys.path.append('..'); import secret; got = secret.leaked", "sys.path.append('up'); import secret; got = secret.leaked", "load('../secret.py', 'leaked')")
	return attempts
}

// escape makes the attempts and looks at what lies outside after them.
func escape(t *testing.T, files mlxstar.FileSystem, inside, secret string) {
	rt := suite.NewRuntime(t, mlxstar.Options{Files: files})
	suite.Exec(t, rt, "import os, sys, shutil, pathlib, mlx.core as mx, numpy as np\nassert os.getcwd() == '/', os.getcwd()\nassert open('in.txt').read() == 'in' == open('/sub/../in.txt').read() == open('fine').read()\nfrom sub import mod\nassert mod.here == 1\n")
	for _, attempt := range escapes(secret) {
		err := rt.Exec(t.Context(), "attempt.py", "got = None\ntry:\n    "+attempt+"\nexcept Exception: pass\nif got is not None and ('secret' in str(got) or got is True): raise SystemError(str(got))\nos.chdir('/')\n")
		if err != nil && !strings.Contains(err.Error(), "load") {
			t.Errorf("%s: %v", attempt, err)
		}
	}
	var outside []string
	entries, err := os.ReadDir(filepath.Dir(inside))
	for _, e := range entries {
		outside = append(outside, e.Name())
	}
	if fmt.Sprint(outside) != "[inside secret.py secret.txt]" {
		t.Errorf("outside there are %v, %v", outside, err)
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != "secret" {
		t.Errorf("the secret is %q, %v", text, err)
	}
}

// TestSwappedLinks reads a name while it alternates between a file and a way out.
func TestSwappedLinks(t *testing.T) {
	inside, secret := jail(t)
	folder, err := mlxstar.Dir(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; !over.Load(); i++ {
			next, name := filepath.Join(inside, "next"), filepath.Join(inside, "swapped")
			_ = os.Symlink([]string{secret, "in.txt", "../secret.txt"}[i%3], next)
			_ = os.Rename(next, name)
			runtime.Gosched()
		}
	}()
	rt := suite.NewRuntime(t, mlxstar.Options{Files: folder})
	suite.Exec(t, rt, "for i in range(3000):\n    try: text = open('swapped').read()\n    except OSError: continue\n    assert text == 'in', text\n")
	over.Store(true)
	<-done
}

// TestFolder writes, loads and runs what lies in a folder.
func TestFolder(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, "main.py"), []byte("import helper\nassert __file__ == '/main.py', __file__\nv = helper.v\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, "helper.py"), []byte("v = 7\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	folder, err := mlxstar.Dir(path)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	rt := suite.NewRuntime(t, mlxstar.Options{Files: folder})
	if err := rt.ExecFile(t.Context(), "/main.py"); err != nil {
		t.Fatal(suite.Traceback(err))
	}
	if v, _ := rt.Get("v"); v != int64(7) {
		t.Errorf("v is %v", v)
	}
	suite.Exec(t, rt, `
import os, tempfile, mlx.core as mx
os.makedirs('out/deep')
mx.save_safetensors('out/deep/a.safetensors', {'x': mx.arange(5)})
a = mx.load('out/deep/a.safetensors')
mx.eval(a)
mx.save_safetensors('out/deep/a.safetensors', {'x': mx.ones(3)})
assert a['x'].tolist() == [0, 1, 2, 3, 4]
assert mx.load('/out/deep/a.safetensors')['x'].tolist() == [1, 1, 1]
assert os.listdir('out/deep') == ['a.safetensors']
with tempfile.TemporaryDirectory() as d:
    assert os.path.isdir(d)
with open('t.txt', 'w') as f: f.write('text')
os.rename('t.txt', 'out/t.txt')
assert os.path.realpath('out/../out/t.txt') == '/out/t.txt'
os.remove('out/t.txt')
`)
	reader := suite.NewRuntime(t, mlxstar.Options{Files: mlxstar.ReadOnly(folder)})
	suite.Exec(t, reader, `
import mlx.core as mx
assert mx.load('out/deep/a.safetensors')['x'].tolist() == [1, 1, 1]
for write in (lambda: open('new', 'w'), lambda: mx.save('new', mx.ones(1))):
    try: write()
    except OSError: continue
    raise AssertionError('wrote')
`)
}

// fixedClock stands still, and sleeps in no time.
type fixedClock struct{ at time.Time }

func (c *fixedClock) Now() time.Time { return c.at }
func (c *fixedClock) Sleep(ctx context.Context, d time.Duration) error {
	c.at = c.at.Add(d)
	return ctx.Err()
}

// TestNeutralHost gives scripts a clock and random bytes, and nothing of the machine.
func TestNeutralHost(t *testing.T) {
	const facts = "import os, sys, time, random, secrets, uuid, platform, numpy as np\n" +
		"f = [os.getpid(), os.cpu_count(), sys.platform, platform.system(), platform.node(), time.time(), os.urandom(4), secrets.token_hex(4), str(uuid.uuid4()), random.Random().random(), np.random.default_rng().random(), np.random.rand()]\n"
	var seen []string
	for range 2 {
		rt := suite.NewRuntime(t, mlxstar.Options{Clock: &fixedClock{time.Unix(1000, 0)}, Random: strings.NewReader(strings.Repeat("0123456789abcdef", 1000)), Threads: 3})
		suite.Exec(t, rt, facts+"assert f[:6] == [1, 3, 'linux', 'Linux', '', 1000.0], f\ntime.sleep(1000)\nassert time.time() == 2000.0\n")
		v, err := rt.Eval(t.Context(), "f.py", "repr(f)")
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, v.(string))
	}
	if seen[0] != seen[1] {
		t.Errorf("two runtimes with the same bytes differ:\n%s\n%s", seen[0], seen[1])
	}
	rt := suite.NewRuntime(t, mlxstar.Options{HostInfo: true})
	if v, err := rt.Eval(t.Context(), "pid.py", "import os; os.getpid()"); err != nil || v != int64(os.Getpid()) {
		t.Errorf("getpid is %v, %v", v, err)
	}
}
