package cpu

import (
	"context"
	"errors"
	"testing"
)

// TestDetachedLeaves leaves a computation that does not end, which keeps its slot and its
// bytes until it does, and turns panics into errors.
func TestDetachedLeaves(t *testing.T) {
	d := newDetached(1)
	quit := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	started, finish, gone := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		<-started
		cancel()
	}()
	if err := d.do(ctx, quit, 100, func() error { close(started); <-finish; close(gone); return nil }); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want the context's error", err)
	}
	if n := d.bytes.Load(); n != 100 {
		t.Errorf("it holds %d bytes, want 100 until it is done", n)
	}
	ran := false
	if err := d.do(ctx, quit, 1, func() error { ran = true; return nil }); !errors.Is(err, context.Canceled) || ran {
		t.Errorf("got %v, want the context's error for want of a slot", err)
	}
	close(finish)
	<-gone
	if err := d.do(t.Context(), quit, 1, func() error { panic("broken") }); err == nil {
		t.Error("a panic is no error")
	}
	if err := d.do(t.Context(), quit, 1, func() error { return nil }); err != nil {
		t.Error(err)
	}
	if n := d.bytes.Load(); n != 0 {
		t.Errorf("%d bytes are left", n)
	}
	close(quit)
	if err := d.do(t.Context(), quit, 1, func() error { <-t.Context().Done(); return nil }); !errors.Is(err, errClosed) {
		t.Errorf("got %v, want errClosed", err)
	}
}
