package mlxstar

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
)

// inputSwitch is the script's standard input, which a call may bring along. A reader of the
// host's may wait for who writes, a call that has ended does not.
type inputSwitch struct {
	ended func() <-chan struct{} // closed when the call in progress has ended

	mu   sync.Mutex
	from *input
}

func newInputSwitch(r io.Reader, ended func() <-chan struct{}) *inputSwitch {
	return &inputSwitch{ended: ended, from: &input{r: r}}
}

// input is a reader, and what was read of it for calls that have ended.
type input struct {
	r       io.Reader // nil is empty
	pending chan reading
	left    reading
}

// reading is what a reader gave.
type reading struct {
	b        []byte
	err      error
	panicked any
}

func (s *inputSwitch) Read(p []byte) (int, error) {
	s.mu.Lock()
	in := s.from
	s.mu.Unlock()
	switch r := in.r.(type) {
	case nil:
		return 0, io.EOF
	case *bytes.Reader, *strings.Reader, *bytes.Buffer:
		return r.Read(p)
	}
	return in.patient(p, s.ended())
}

var errInputLeft = errors.New("read: the call ended before there was input")

// patient reads until the call ends. What comes later is the next call's.
func (in *input) patient(p []byte, ended <-chan struct{}) (int, error) {
	if len(in.left.b) == 0 && in.left.err == nil {
		if in.pending == nil {
			in.pending = make(chan reading, 1)
			go func(b []byte) {
				var got reading
				defer func() {
					got.panicked = recover()
					in.pending <- got
				}()
				n, err := in.r.Read(b)
				got.b, got.err = b[:n], err
			}(make([]byte, len(p)))
		}
		select {
		case in.left = <-in.pending:
			in.pending = nil
		case <-ended:
			return 0, errInputLeft
		}
		if in.left.panicked != nil {
			v := in.left.panicked
			in.left.panicked = nil
			panic(v)
		}
	}
	n := copy(p, in.left.b)
	in.left.b = in.left.b[n:]
	var err error
	if len(in.left.b) == 0 {
		err, in.left.err = in.left.err, nil
	}
	return n, err
}

// use takes another reader until restore is called.
func (s *inputSwitch) use(r io.Reader) (restore func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.from
	s.from = &input{r: r}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.from = before
	}
}

// outputSwitch is one of the script's outputs, which a call may send elsewhere. A writer of the
// host's may wait for who reads, a call that has ended does not.
type outputSwitch struct {
	ended func() <-chan struct{} // closed when the call in progress has ended
	busy  chan struct{}          // holds an element while a writer is waited for

	mu    sync.Mutex
	w     io.Writer
	count int64 // bytes that were written
}

func newOutputSwitch(w io.Writer, ended func() <-chan struct{}) *outputSwitch {
	return &outputSwitch{ended: ended, busy: make(chan struct{}, 1), w: orDiscard(w)}
}

// patient writes, but not longer than the call. A write that is left goes on by itself, and is
// the last until it is done.
func (s *outputSwitch) patient(w io.Writer, p []byte) (int, error) {
	switch w.(type) {
	case *bytes.Buffer, *strings.Builder:
		return w.Write(p)
	}
	if w == io.Discard {
		return len(p), nil
	}
	ended := s.ended()
	select {
	case s.busy <- struct{}{}:
	case <-ended:
		return 0, errOutputLeft
	}
	type outcome struct {
		n        int
		err      error
		panicked any
	}
	done := make(chan outcome, 1)
	p = bytes.Clone(p)
	go func() {
		var o outcome
		defer func() {
			o.panicked = recover()
			<-s.busy
			done <- o
		}()
		o.n, o.err = w.Write(p)
	}()
	select {
	case o := <-done:
		if o.panicked != nil {
			panic(o.panicked)
		}
		return o.n, o.err
	case <-ended:
		return 0, errOutputLeft
	}
}

var errOutputLeft = errors.New("write: the call ended before the output was taken")

func (s *outputSwitch) Write(p []byte) (int, error) {
	s.mu.Lock()
	w := s.w
	s.mu.Unlock()
	n, err := s.patient(w, p)
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

// ended is closed when the call in progress has ended; nil is never.
func (rt *Runtime) ended() <-chan struct{} {
	if c := rt.current.Load(); c != nil {
		return c.Base().Done()
	}
	return nil
}
