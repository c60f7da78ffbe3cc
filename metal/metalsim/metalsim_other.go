//go:build !linux

package metalsim

func open() (*Simulator, error) { return nil, ErrUnavailable }
