//go:build linux

package isolate_test

import (
	"bytes"
	"context"
	"errors"
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
func behave(folder string, _ bool) ([]string, error) {
	switch filepath.Base(folder) {
	case "panics":
		go func() { time.Sleep(200 * time.Millisecond); panic("broken") }()
	case "swallows":
		go func() {
			time.Sleep(200 * time.Millisecond)
			for {
				swallowed = append(swallowed, make([]byte, 512<<20)) // more than the system grants, at once
			}
		}()
	case "babbles":
		go func() { time.Sleep(200 * time.Millisecond); _, _ = syscall.Write(4, []byte("\xff\xff\xff\xffgarbage")) }()
	case "breaks out":
		return escapes(folder), nil
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
