package cpu

import "golang.org/x/sys/unix"

// processorModel asks the kernel for the processor's name; empty where it
// gives none.
func processorModel() string {
	name, err := unix.Sysctl("machdep.cpu.brand_string")
	if err != nil {
		return ""
	}
	return name
}
