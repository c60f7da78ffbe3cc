//go:build !linux

package driver

import "errors"

var errElsewhere = errors.New("CUDA is used on Linux only")

// Link fails: this system has no use for it.
func Link() (Linker, error) { return nil, errElsewhere }

// LinkProducts fails likewise.
func LinkProducts(string) (Linker, error) { return nil, errElsewhere }

// LinkTransforms fails likewise.
func LinkTransforms(string) (Linker, error) { return nil, errElsewhere }

// LinkNCCL fails likewise.
func LinkNCCL(string) (Linker, error) { return nil, errElsewhere }

// LinkCompiler fails likewise.
func LinkCompiler(string) (Linker, error) { return nil, errElsewhere }
