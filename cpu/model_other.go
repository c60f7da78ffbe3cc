//go:build !linux && !darwin

package cpu

import "os"

// processorModel is the name that Windows keeps in the environment; empty
// elsewhere.
func processorModel() string { return os.Getenv("PROCESSOR_IDENTIFIER") }
