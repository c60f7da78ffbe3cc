package cpu

import (
	"bufio"
	"os"
	"strings"
)

// processorModel reads the first processor's name from /proc/cpuinfo; empty
// where the kernel gives none.
func processorModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		k, v, ok := strings.Cut(s.Text(), ":")
		if k = strings.TrimSpace(k); ok && (k == "model name" || k == "Model") {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
