//go:build !linux && !darwin && !windows

package alloc

import (
	"errors"
	"fmt"
)

// SystemMemory returns 0: how much memory there is cannot be found out here.
func SystemMemory() int64 { return 0 }

// ResidentSet fails: this system is not supported.
func ResidentSet() (int64, error) {
	return 0, fmt.Errorf("resident set: %w", errors.ErrUnsupported)
}
