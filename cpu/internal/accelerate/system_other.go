//go:build !darwin

package accelerate

import "errors"

// System fails: there is no Accelerate here.
func System() (Linker, error) { return nil, errors.New("accelerate: only macOS has it") }
