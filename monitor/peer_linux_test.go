package monitor

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Another user's connection is refused: by the rights of the folder, of the socket, and,
// were these ever opened, by the server, which looks at who connects.
func TestOtherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	dir, err := os.MkdirTemp("", "monitor") // whose parents others may enter, unlike those of t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_RUNTIME_DIR", dir)
	s, err := Serve(new(fixed))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if answer, err := asNobody(t, s.Path()); err == nil {
		t.Errorf("nobody could connect, and got %q", answer)
	}
	for path, mode := range map[string]os.FileMode{filepath.Dir(s.Path()): 0o755, s.Path(): 0o666} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if answer, err := asNobody(t, s.Path()); err != nil || answer != "" {
		t.Errorf("nobody got %q: %v", answer, err)
	}
	c, err := Connect(t.Context(), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Status(t.Context()); err != nil {
		t.Error(err)
	}
}

// asNobody connects as another user, on a thread that ends with that, and gives what is
// answered.
func asNobody(t *testing.T, path string) (answer string, err error) {
	t.Helper()
	type result struct {
		c   net.Conn
		err error
	}
	done := make(chan result)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread is of no other use
		const nobody = 65534
		for _, call := range []uintptr{unix.SYS_SETRESGID, unix.SYS_SETRESUID} {
			if _, _, e := unix.RawSyscall(call, nobody, nobody, nobody); e != 0 {
				done <- result{err: e}
				return
			}
		}
		fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err == nil {
			err = unix.Connect(fd, &unix.SockaddrUnix{Name: path})
		}
		if err != nil {
			done <- result{err: err}
			return
		}
		f := os.NewFile(uintptr(fd), path)
		c, err := net.FileConn(f)
		_ = f.Close()
		done <- result{c, err}
	}()
	r := <-done
	if r.err != nil {
		return "", r.err
	}
	defer r.c.Close()
	_ = r.c.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(r.c, "GET /v1/status HTTP/1.1\r\n\r\n") // it may be closed already
	text, _ := io.ReadAll(r.c)
	return string(text), nil
}
