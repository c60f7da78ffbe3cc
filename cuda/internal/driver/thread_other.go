//go:build !linux

package driver

func thread() int { return 0 }
