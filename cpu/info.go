package cpu

import (
	"runtime"

	"github.com/mlxstar/mlxstar/alloc"
)

// architectures are the names that MLX, and the operating systems, call the
// processors by.
var architectures = map[string]string{"amd64": "x86_64", "arm64": "arm64"}

// Info describes the processors: their name and architecture under MLX's keys,
// and how much of them there is.
func (b *Backend) Info() map[string]any {
	arch, ok := architectures[runtime.GOARCH]
	if !ok {
		arch = runtime.GOARCH
	}
	name := b.model()
	if name == "" {
		name = arch
	}
	memory := alloc.SystemMemory()
	return map[string]any{
		"device_name":       name,
		"architecture":      arch,
		"memory_size":       memory,
		"max_buffer_length": memory,
		"cores":             int64(runtime.NumCPU()),
		"threads":           int64(b.workers.threads),
	}
}
