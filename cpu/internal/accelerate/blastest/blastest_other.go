//go:build !linux

package blastest

// Open fails.
func Open() (*Library, error) { return nil, ErrUnavailable }
