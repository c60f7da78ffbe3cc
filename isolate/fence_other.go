//go:build !linux

package isolate

// Fence does nothing on this system, which has none of the fences.
func Fence(_, _ []string) (held []string, err error) { return nil, nil }
