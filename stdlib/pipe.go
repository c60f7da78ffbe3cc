package stdlib

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// A pipe that has a name makes its opener wait for who opens the other end, and its
// reader for what that one writes: for ever, if nobody comes. Here they wait no longer
// than the call.

// openPipe opens a pipe.
func (m *Modules) openPipe(name string, flag int) (File, error) {
	type outcome struct {
		f   File
		err error
	}
	files, ctx := m.files(), m.env.context()
	opened := make(chan outcome, 1)
	go func() {
		f, err := files.OpenFile(name, flag, 0o666)
		opened <- outcome{f, err}
	}()
	select {
	case o := <-opened:
		if o.err != nil {
			return nil, o.err
		}
		return pipe{o.f, m}, nil
	case <-ctx.Done():
	}
	var both *os.File
	if _, own := files.(HostFiles); own {
		// With both ends open nobody waits for either. They are those of now: the name may soon be another pipe's.
		both, _ = os.OpenFile(name, os.O_RDWR|withoutWaiting, 0) // else whoever opens the other end ends the wait
	}
	go func() {
		if o := <-opened; o.err == nil {
			_ = o.f.Close() // nothing was written
		}
		if both != nil {
			_ = both.Close()
		}
	}()
	return nil, ctx.Err()
}

// Open opens a file for Go code that reads what a script names, as its open does.
func (m *Modules) Open(path string) (File, error) { return m.openFile(path, os.O_RDONLY) }

// isPipe tells whether a name is that of a pipe.
func (m *Modules) isPipe(name string) bool {
	info, err := m.files().Stat(name)
	return err == nil && info.Mode()&fs.ModeNamedPipe != 0
}

// pipe is an open one.
type pipe struct {
	File
	m *Modules
}

func (p pipe) Read(b []byte) (int, error) {
	return p.within(func() (int, error) { return p.File.Read(b) })
}
func (p pipe) Write(b []byte) (int, error) {
	return p.within(func() (int, error) { return p.File.Write(b) })
}

// within does what may wait until the call's context ends.
func (p pipe) within(f func() (int, error)) (int, error) {
	d, ok := p.File.(interface{ SetDeadline(t time.Time) error })
	if !ok {
		return f()
	}
	ctx := p.m.env.context()
	stop := context.AfterFunc(ctx, func() { _ = d.SetDeadline(time.Unix(1, 0)) })
	n, err := f()
	if !stop() && errors.Is(err, os.ErrDeadlineExceeded) {
		err = errors.Join(ctx.Err(), d.SetDeadline(time.Time{}))
	}
	return n, err
}
