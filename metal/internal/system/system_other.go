//go:build !darwin

package system

import (
	"errors"

	"github.com/mlxstar/mlxstar/metal/internal/objc"
)

// ResourceLimit is what macOS usually allows.
func ResourceLimit() int { return usualResourceLimit }

// Link fails: there is no Metal here.
func Link() (objc.Linker, error) { return nil, errors.New("metal: only macOS has it") }
