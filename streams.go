package mlxstar

import (
	"io"
	"sync"
)

// inputSwitch is the script's standard input, which a call may bring along.
type inputSwitch struct {
	mu sync.Mutex
	r  io.Reader // nil is empty
}

func (s *inputSwitch) Read(p []byte) (int, error) {
	s.mu.Lock()
	r := s.r
	s.mu.Unlock()
	if r == nil {
		return 0, io.EOF
	}
	return r.Read(p)
}

// use takes another reader until restore is called.
func (s *inputSwitch) use(r io.Reader) (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.r
	s.r = r
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.r = before
	}
}

// outputSwitch is one of the script's outputs, which a call may send elsewhere.
type outputSwitch struct {
	mu    sync.Mutex
	w     io.Writer
	count int64 // bytes that were written
}

func (s *outputSwitch) Write(p []byte) (int, error) {
	s.mu.Lock()
	w := s.w
	s.mu.Unlock()
	n, err := w.Write(p)
	s.mu.Lock()
	s.count += int64(n)
	s.mu.Unlock()
	return n, err
}

// Flush flushes what the output is now.
func (s *outputSwitch) Flush() error {
	s.mu.Lock()
	w := s.w
	s.mu.Unlock()
	if f, ok := w.(interface{ Flush() error }); ok {
		return f.Flush()
	}
	return nil
}

func (s *outputSwitch) written() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// use takes another writer until restore is called.
func (s *outputSwitch) use(w io.Writer) (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.w
	s.w = w
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.w = before
	}
}
