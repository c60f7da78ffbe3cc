package metalsim

import (
	"errors"
	"testing"
)

// For opens the simulator for a test, or skips the test where it cannot run. What
// breaks Metal's rules until the test ends fails it.
func For(t testing.TB) *Simulator {
	t.Helper()
	sim, err := Open()
	if errors.Is(err, ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	sim.Misuses()
	t.Cleanup(func() {
		if m := sim.Misuses(); m != "" {
			t.Errorf("misuses:\n%s", m)
		}
	})
	return sim
}
