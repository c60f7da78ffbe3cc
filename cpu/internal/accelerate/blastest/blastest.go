// Package blastest stands in for Accelerate where there is none: a library in C,
// compiled by clang when a test first asks for it. Only tests import it. It is for amd64
// alone, so that tests for other processors are static, which emulators want.
package blastest

import (
	"errors"

	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
)

// ErrUnavailable is the error where the library cannot be made.
var ErrUnavailable = errors.New("blastest: this needs Linux on amd64, and clang")

// Library is the library, which counts.
type Library struct {
	accelerate.Linker
	calls, misuses func() int
}

// Calls is how often a function was called.
func (l *Library) Calls() int { return l.calls() }

// Misuses is how often it was called with what BLAS does not allow.
func (l *Library) Misuses() int { return l.misuses() }
