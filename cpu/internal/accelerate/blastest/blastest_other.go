//go:build !linux || !amd64

package blastest

// Open fails.
func Open() (*Library, error) { return nil, ErrUnavailable }
