//go:build linux

package isolate_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/isolate"
)

func TestMain(m *testing.M) {
	mlxstar.Child(isolate.Fence, behave)
	os.Exit(m.Run())
}

// swallowed keeps what is allocated from being collected.
var swallowed [][]byte

// behave is a fence that does in the process what the folder's name says: what Go code
// could do there that a script has got hold of.
func behave(readable, writable []string) ([]string, error) {
	folders := append(slices.Clone(writable), readable...)
	if len(folders) == 0 {
		return nil, nil
	}
	folder := folders[0]
	switch filepath.Base(folder) {
	case "panics":
		go func() { time.Sleep(200 * time.Millisecond); panic("broken") }()
	case "swallows":
		go func() {
			time.Sleep(200 * time.Millisecond)
			for {
				swallowed = append(swallowed, make([]byte, 1<<30)) // more than the system grants, at once: the script's own limit has no part in it
			}
		}()
	case "fills":
		go func() {
			time.Sleep(200 * time.Millisecond)
			for {
				part, err := syscall.Mmap(-1, 0, 8<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
				if err != nil {
					return // its address space is used up, and the group has not ended it
				}
				for i := 0; i < len(part); i += 1 << 12 {
					part[i] = 1
				}
				swallowed = append(swallowed, part)
			}
		}()
	case "babbles":
		go func() { time.Sleep(200 * time.Millisecond); _, _ = syscall.Write(4, []byte("\xff\xff\xff\xffgarbage")) }()
	case "breaks out":
		return escapes(folder), nil
	case "changes":
		return changes(folder), nil
	}
	return nil, nil
}

// escapes tries to leave, and names each way that worked.
func escapes(folder string) (worked []string) {
	try := func(name string, err error) {
		if err == nil {
			worked = append(worked, "escaped: "+name)
		}
	}
	for _, name := range []string{"/etc/passwd", "/proc/self/status", "/proc/self/mem", "/proc/1/cmdline", "/proc/self/environ", "/proc/self/maps", "/dev/null",
		folder + "/../outside.txt", folder + "/link", "/sys/kernel/ostype", "/"} {
		_, err := os.ReadFile(name)
		if err == nil || name == "/" {
			_, err = os.ReadDir(name)
			if name != "/" {
				err = nil
			}
		}
		try("read "+name, err)
	}
	try("write", os.WriteFile(folder+"/new", []byte("x"), 0o600))
	try("write outside", os.WriteFile("/tmp/mlxstar-escape", []byte("x"), 0o600))
	try("remove", os.Remove(folder+"/file.txt"))
	try("rename", os.Rename(folder+"/file.txt", folder+"/other.txt"))
	try("link", os.Symlink("/etc/passwd", folder+"/own"))
	for _, network := range [][2]string{{"tcp", "127.0.0.1:9"}, {"udp", "127.0.0.1:9"}, {"unix", "/run/x.sock"}} {
		c, err := net.DialTimeout(network[0], network[1], time.Second)
		if err == nil {
			_ = c.Close()
		}
		var refused syscall.Errno
		if errors.As(err, &refused) && refused == syscall.ECONNREFUSED {
			err = nil // there was a socket
		}
		try("dial "+network[0], err)
	}
	for domain := range 46 {
		fd, err := syscall.Socket(domain, syscall.SOCK_STREAM, 0)
		if err == nil {
			_ = syscall.Close(fd)
		}
		if err != nil && !errors.Is(err, syscall.EPERM) && !errors.Is(err, syscall.EACCES) {
			err = nil // the kernel looked at it
		}
		try(fmt.Sprint("socket ", domain), err)
	}
	_, err := net.Listen("tcp", "127.0.0.1:0")
	try("listen", err)
	try("program", exec.Command("/bin/true").Run())
	_, err = os.StartProcess("/proc/self/exe", []string{"x"}, &os.ProcAttr{})
	try("process", err)
	try("signal to the parent", syscall.Kill(syscall.Getppid(), 0))
	try("change of root", syscall.Chroot(folder))
	try("mount", syscall.Mount("none", folder, "tmpfs", 0, ""))
	try("trace", syscall.PtraceAttach(syscall.Getppid()))
	_, _, errno := syscall.RawSyscall(syscall.SYS_SETUID, 0, 0, 0)
	if errno != 0 {
		err = errno
	}
	try("user", err)
	return worked
}

// changes tries to change what lies beside a folder that may be changed.
func changes(folder string) (worked []string) {
	beside := filepath.Join(filepath.Dir(folder), "outside.txt")
	var limit syscall.Rlimit
	for name, try := range map[string]func() error{
		"permissions":   func() error { return os.Chmod(beside, 0o666) },
		"times":         func() error { return os.Chtimes(beside, time.Unix(1, 0), time.Unix(1, 0)) },
		"owner":         func() error { return os.Chown(beside, 1, 1) },
		"length":        func() error { return os.Truncate(beside, 0) },
		"removal":       func() error { return os.Remove(beside) },
		"move":          func() error { return os.Rename(filepath.Join(folder, "file.txt"), beside) },
		"move in":       func() error { return os.Rename(beside, filepath.Join(folder, "got.txt")) },
		"second name":   func() error { return os.Link(beside, filepath.Join(folder, "got.txt")) },
		"symbolic link": func() error { return os.Symlink(beside, filepath.Join(folder, "got.txt")) },
		"a directory":   func() error { return os.Mkdir(beside+".d", 0o700) },
		"a device":      func() error { return syscall.Mknod(filepath.Join(folder, "null"), syscall.S_IFCHR|0o600, 1<<8|3) },
		"a pipe":        func() error { return syscall.Mkfifo(filepath.Join(folder, "pipe"), 0o600) },
		"extended":      func() error { return syscall.Setxattr(beside, "user.x", []byte("x"), 0) },
		"its limits": func() error {
			limit = syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
			return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
		},
		"its core's size": func() error {
			limit = syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
			return syscall.Setrlimit(syscall.RLIMIT_CORE, &limit)
		},
	} {
		if err := try(); err == nil {
			worked = append(worked, "escaped: "+name)
		}
	}
	return worked
}

func newProcess(t *testing.T, o mlxstar.ProcessOptions) *mlxstar.Process {
	t.Helper()
	p, err := mlxstar.NewProcess(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// TestValues passes values of each kind to a function and back.
func TestValues(t *testing.T) {
	p := newProcess(t, mlxstar.ProcessOptions{HardMemoryLimit: 300 << 20})
	ctx := t.Context()
	if err := p.Exec(ctx, "f.py", "def same(*a): return list(a)\ndef double(x): return x * 2"); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("long\x00é", 100_000)
	huge := new(big.Int).Lsh(big.NewInt(-7), 70_000)
	in := []any{nil, true, false, int64(math.MinInt64), 1.5, math.Inf(-1), 2i + 1, "", "text", long, []byte{0, 255}, huge,
		[]any{int64(1), []any{}, "x"}, map[string]any{"a": int64(1), "b": []any{nil}}}
	out, err := p.Call(ctx, "same", in...)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(out, any(in)) {
		t.Errorf("got %.300v, want %.300v", out, in)
	}
	numbers := make([]float32, 1<<20)
	for i := range numbers {
		numbers[i] = float32(i)
	}
	v, err := p.Call(ctx, "double", numbers)
	if err != nil {
		t.Fatal(err)
	}
	var doubled []float32
	if err := mlxstar.Decode(ctx, v, &doubled); err != nil {
		t.Fatal(err)
	}
	for i, x := range doubled {
		if x != 2*float32(i) {
			t.Fatalf("element %d is %g", i, x)
		}
	}
	if err := p.Set("x", map[string]any{"n": [][]int32{{1, 2}, {3, 4}}}); err != nil {
		t.Fatal(err)
	}
	if v, err := p.Eval(ctx, "e.py", "x['n'].tolist()"); err != nil || fmt.Sprint(v) != "[[1 2] [3 4]]" {
		t.Errorf("got %v, %v", v, err)
	}
	if _, ok := p.Get("missing"); ok {
		t.Error("a variable that is not there was found")
	}
	if v, ok := p.Get("x"); !ok || len(v.(map[string]any)) != 1 {
		t.Errorf("got %v, %v", v, ok)
	}
	if _, err := p.Eval(ctx, "e.py", "print"); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a function came across: %v", err)
	}
}

// TestErrors ends calls in each way in which a script can, after which the process goes on.
func TestErrors(t *testing.T) {
	var stdout bytes.Buffer
	p := newProcess(t, mlxstar.ProcessOptions{HardMemoryLimit: 200 << 20, StepLimit: 50_000_000, Stdout: &stdout})
	for name, c := range map[string]struct {
		src  string
		is   error
		kind string
	}{
		"exception": {"def f(): return [].x\nf()", nil, "AttributeError"},
		"deadline":  {"import mlx.core as mx\nx = mx.ones((1500, 1500))\nwhile True: mx.eval(x @ x)", context.DeadlineExceeded, "KeyboardInterrupt"},
		"steps":     {"while True: pass", mlxstar.ErrStepLimit, "TimeoutError"},
		"memory":    {"held = []\nwhile True: held.append('x' * 1_000_000 + str(len(held)))", mlxstar.ErrMemoryLimit, "MemoryError"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			if name == "deadline" {
				ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
			}
			defer cancel()
			err := p.Exec(ctx, "f.py", c.src)
			var e *mlxstar.Error
			if !errors.As(err, &e) || e.Type != c.kind || e.File != "f.py" || e.Line == 0 || c.is != nil && !errors.Is(err, c.is) {
				t.Fatalf("got %#v, want a %s of %v", err, c.kind, c.is)
			}
			if err := p.Exec(t.Context(), "after.py", "held = None; print('after')"); err != nil {
				t.Error(err)
			}
		})
	}
	var exit *mlxstar.ExitError
	if err := p.Exec(t.Context(), "exit.py", "import sys; sys.exit(7)"); !errors.As(err, &exit) || exit.Code != 7 {
		t.Errorf("got %v, want exit status 7", err)
	}
	if got := stdout.String(); got != strings.Repeat("after\n", 4) {
		t.Errorf("output %q", got)
	}
}

// TestProcessEnds has the host get an error whatever happens to the process.
func TestProcessEnds(t *testing.T) {
	for _, name := range []string{"killed", "panics", "swallows", "hangs", "babbles"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			p := newProcess(t, mlxstar.ProcessOptions{Folder: folder, HardMemoryLimit: 200 << 20})
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			switch name {
			case "killed":
				time.AfterFunc(200*time.Millisecond, func() { _ = syscall.Kill(p.Pid(), syscall.SIGKILL) })
			case "hangs":
				time.AfterFunc(200*time.Millisecond, func() { _ = syscall.Kill(p.Pid(), syscall.SIGSTOP) })
				ctx, cancel = context.WithTimeout(t.Context(), time.Second)
				defer cancel()
			}
			err := p.Exec(ctx, "loop.py", "while True: pass")
			if !errors.Is(err, mlxstar.ErrProcess) {
				t.Fatalf("got %v, want ErrProcess", err)
			}
			if name == "swallows" && !errors.Is(err, mlxstar.ErrMemoryLimit) {
				t.Errorf("got %v, want ErrMemoryLimit behind it", err)
			}
			t.Log(err)
			if _, err := p.Eval(t.Context(), "again.py", "1"); !errors.Is(err, mlxstar.ErrProcess) {
				t.Errorf("later: got %v, want ErrProcess", err)
			}
		})
	}
}

// TestFences tries from Go code within the process what a script could if it broke out of
// the language.
func TestFences(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "breaks out")
	for path, content := range map[string]string{filepath.Join(dir, "outside.txt"): "secret", filepath.Join(folder, "file.txt"): "inside"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../outside.txt", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	p := newProcess(t, mlxstar.ProcessOptions{Folder: folder, HardMemoryLimit: 200 << 20})
	held := p.Fences()
	if !slices.Contains(held, "seccomp") || !slices.Contains(held, "landlock") {
		t.Skipf("this kernel has %v alone", held)
	}
	for _, name := range held {
		if strings.HasPrefix(name, "escaped: ") {
			t.Error(name)
		}
	}
	if v, err := p.Eval(t.Context(), "read.py", "open('/file.txt').read()"); err != nil || v != "inside" {
		t.Errorf("a file of the folder: got %v, %v", v, err)
	}
	for _, src := range []string{"open('/../outside.txt')", "open('/link')", "open('/proc/self/status')", "open('/file.txt', 'w')", "import socket\nsocket.socket()", "import subprocess\nsubprocess.run(['true'])"} {
		if err := p.Exec(t.Context(), "try.py", src); err == nil {
			t.Errorf("%s: no error", src)
		}
	}
}

// TestChanges tries from Go code within a process that may change its folder to change
// something else, also a host that runs as root.
func TestChanges(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "changes")
	for path, content := range map[string]string{filepath.Join(dir, "outside.txt"): "secret", filepath.Join(folder, "file.txt"): "inside"} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := newProcess(t, mlxstar.ProcessOptions{Folder: folder, Writable: true, HardMemoryLimit: 200 << 20})
	held := p.Fences()
	if !slices.Contains(held, "seccomp") || !slices.Contains(held, "landlock") {
		t.Skipf("this kernel has %v alone", held)
	}
	for _, name := range held {
		if strings.HasPrefix(name, "escaped: ") {
			t.Error(name)
		}
	}
	for _, src := range []string{"import os\nos.chmod('/file.txt', 0o640)\nassert os.stat('/file.txt').st_mode & 0o777 == 0o640",
		"import os\nos.makedirs('/a/b')\nos.rename('/file.txt', '/a/b/file.txt')\nassert open('/a/b/file.txt').read() == 'inside'"} {
		if err := p.Exec(t.Context(), "change.py", src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// TestMounts gives a process several folders, of which one may be changed.
func TestMounts(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"in", "out", "other"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "file.txt"), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := newProcess(t, mlxstar.ProcessOptions{HardMemoryLimit: 200 << 20, Mounts: map[string]mlxstar.ProcessFolder{
		"/data/in": {Path: filepath.Join(dir, "in")}, "/out": {Path: filepath.Join(dir, "out"), Writable: true},
	}})
	src := `
import os, shutil
assert os.listdir('/') == ['data', 'out'] and os.listdir('/data') == ['in'], os.listdir('/')
assert open('/data/in/file.txt').read() == 'in' and open('/out/file.txt').read() == 'out'
open('/out/new.txt', 'w').write('new')
shutil.copy('/data/in/file.txt', '/out/copy.txt')
for act in (lambda: open('/data/in/file.txt', 'w'), lambda: open('/x', 'w'), lambda: os.remove('/data/in/file.txt'), lambda: os.rmdir('/out'), lambda: open('/out/../other/file.txt'),
            lambda: os.rename('/out/file.txt', '/data/in/moved.txt'), lambda: os.rename('/data', '/d')):
    try: act()
    except OSError: continue
    raise AssertionError('changed or read')
shutil.move('/out/new.txt', '/out/moved.txt')
`
	if err := p.Exec(t.Context(), "mounts.py", src); err != nil {
		var e *mlxstar.Error
		if errors.As(err, &e) {
			t.Log(e.Traceback)
		}
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "out", "moved.txt")); err != nil || string(got) != "new" {
		t.Errorf("got %q, %v", got, err)
	}
}

var controlGroup = flag.String("control-group", "", "a control group in which the tests may make others")

// TestControlGroup has the kernel count a process's memory.
func TestControlGroup(t *testing.T) {
	if p, err := mlxstar.NewProcess(mlxstar.ProcessOptions{ControlGroup: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "control group") {
		t.Errorf("a folder that is none: got %v, %v", p, err)
	}
	if *controlGroup == "" {
		t.Skip("no -control-group")
	}
	folder := filepath.Join(t.TempDir(), "fills")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := mlxstar.NewProcess(mlxstar.ProcessOptions{ControlGroup: *controlGroup, Folder: folder, HardMemoryLimit: 100 << 20, Require: []string{"cgroup"}})
	if err != nil {
		t.Fatal(err)
	}
	groups, err := filepath.Glob(filepath.Join(*controlGroup, "mlxstar-*"))
	if err != nil || len(groups) != 1 {
		t.Fatalf("groups %v, %v", groups, err)
	}
	procs, err := os.ReadFile(filepath.Join(groups[0], "cgroup.procs"))
	if err != nil || strings.TrimSpace(string(procs)) != fmt.Sprint(p.Pid()) {
		t.Errorf("in the group there is %q, %v, want %d", procs, err, p.Pid())
	}
	// The group counts less than what the process may reserve of addresses.
	err = p.Exec(t.Context(), "loop.py", "while True: pass")
	if !errors.Is(err, mlxstar.ErrProcess) || !errors.Is(err, mlxstar.ErrMemoryLimit) || !strings.Contains(err.Error(), "signal: killed") {
		t.Errorf("got %v, want the process killed for its memory", err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if groups, err := filepath.Glob(filepath.Join(*controlGroup, "mlxstar-*")); err != nil || len(groups) != 0 {
		t.Errorf("left are %v, %v", groups, err)
	}
}

// TestWritableFolder lets a process change its folder.
func TestWritableFolder(t *testing.T) {
	folder := t.TempDir()
	p := newProcess(t, mlxstar.ProcessOptions{Folder: folder, Writable: true, HardMemoryLimit: 300 << 20})
	src := "import os\nimport mlx.core as mx\nos.mkdir('/d')\nopen('/d/a', 'w').write('x')\nos.rename('/d/a', '/d/b')\nmx.save('/a.npy', mx.ones(3))\nassert mx.load('/a.npy').tolist() == [1, 1, 1]\nopen('/c', 'w').close()\nos.remove('/c')"
	if err := p.Exec(t.Context(), "write.py", src); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(folder, "d", "b")); err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestRequire fails where a fence is wanted that is not there.
func TestRequire(t *testing.T) {
	p, err := mlxstar.NewProcess(mlxstar.ProcessOptions{Require: []string{"a moat"}})
	if err == nil || !strings.Contains(err.Error(), "a moat") {
		t.Errorf("got %v, %v", p, err)
	}
}
