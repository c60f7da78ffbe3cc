package monitor

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Dir is the folder of the sockets: mlxstar in $XDG_RUNTIME_DIR, or, where that is not
// set, mlxstar-UID in the system's folder for temporary files.
func Dir() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "mlxstar")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("mlxstar-%d", os.Getuid()))
}

func socketOf(pid int) string { return filepath.Join(Dir(), strconv.Itoa(pid)+".sock") }

// The most that a server has to do with at once, and the time that clients have.
const (
	maxConns   = 64
	readTime   = 2 * time.Second
	writeTime  = 10 * time.Second
	maxRequest = 8 << 10
)

// Server serves a source on this process's socket.
type Server struct {
	listener net.Listener
	path     string
	slots    chan struct{}

	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed bool
}

// Serve begins to serve. The socket is its user's alone: its folder and it deny others,
// and connections of other users are closed.
func Serve(src Source) (*Server, error) {
	dir := Dir()
	if err := ownFolder(dir); err != nil {
		return nil, fmt.Errorf("monitor: %w", err)
	}
	path := socketOf(os.Getpid())
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // of a process that had this number
		return nil, fmt.Errorf("monitor: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("monitor: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("monitor: %w", err)
	}
	s := &Server{listener: l, path: path, slots: make(chan struct{}, maxConns), conns: map[net.Conn]bool{}}
	go s.accept(src)
	return s, nil
}

// Path is the socket's.
func (s *Server) Path() string { return s.path }

// Close ends the server, its connections too, and removes its socket.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	return s.listener.Close() // which removes the socket
}

// accept serves connections of this user, so many at a time; others wait in line.
func (s *Server) accept(src Source) {
	for {
		s.slots <- struct{}{}
		c, err := s.listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			<-s.slots
			time.Sleep(10 * time.Millisecond) // no descriptor is free
			continue
		}
		if !sameUser(c) || !s.hold(c) {
			_ = c.Close()
			<-s.slots
			continue
		}
		go func() {
			defer func() { <-s.slots }()
			defer s.drop(c)
			serve(c, src)
		}()
	}
}

func (s *Server) hold(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.conns[c] = true
	return true
}

func (s *Server) drop(c net.Conn) {
	_ = c.Close()
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
}

// serve answers one request of HTTP/1.1 and ends the connection.
func serve(c net.Conn, src Source) {
	_ = c.SetDeadline(time.Now().Add(readTime)) // sockets take deadlines
	method, target, err := request(bufio.NewReader(io.LimitReader(c, maxRequest)))
	if err != nil {
		return
	}
	a := Ask(src, method, target)
	_ = c.SetDeadline(time.Now().Add(writeTime))
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", a.Code, reasons[a.Code], a.Type, len(a.Body))
	_, _ = (&net.Buffers{[]byte(head), a.Body}).WriteTo(c) // who has gone needs no answer
}

var reasons = map[int]string{
	codeOK: "OK", codeBadRequest: "Bad Request", codeNotFound: "Not Found", codeMethod: "Method Not Allowed", codeConflict: "Conflict",
}

// request reads a request's line, and its header to the end.
func request(r *bufio.Reader) (method, target string, err error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", "", err
	}
	parts := strings.Fields(line)
	if len(parts) != 3 || !strings.HasPrefix(parts[2], "HTTP/1.") {
		return "", "", errors.New("no request of HTTP/1")
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", "", err
		}
		if strings.TrimRight(line, "\r\n") == "" {
			return parts[0], parts[1], nil
		}
	}
}

// ownFolder makes a folder that only this user can look into, or sees that it is one.
func ownFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !ownedByUser(info) {
		return fmt.Errorf("%s is not a folder of this user", dir)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return os.Chmod(dir, 0o700)
	}
	return nil
}

// Processes lists the processes of this user that have a monitor. What processes that
// have ended left behind is removed.
func Processes() ([]int, error) {
	entries, err := os.ReadDir(Dir())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(strings.TrimSuffix(e.Name(), ".sock"))
		if err != nil || !strings.HasSuffix(e.Name(), ".sock") {
			continue
		}
		c, err := net.DialTimeout("unix", socketOf(pid), time.Second)
		if err != nil {
			if errors.Is(err, syscall.ECONNREFUSED) {
				_ = os.Remove(socketOf(pid)) // another may have done so
			}
			continue
		}
		_ = c.Close()
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	return pids, nil
}
