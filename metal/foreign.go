package metal

import (
	"os"
	"runtime"
	"sync"
	"unsafe"
	"weak"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/gpu"
	"github.com/mlxstar/mlxstar/metal/internal/mtl"
)

// views are buffers over memory that was handed in, which the GPU then reads in
// place. A view lives as long as the array's buffer does; a batch in flight keeps
// both.
type views struct {
	api    *mtl.API
	device mtl.Device

	mu   sync.Mutex
	made map[weak.Pointer[alloc.Buffer]]gpu.Buffer
}

func newViews(api *mtl.API, d mtl.Device) *views {
	return &views{api: api, device: d, made: map[weak.Pointer[alloc.Buffer]]gpu.Buffer{}}
}

// of gives the view of a buffer. There is none of memory that does not begin at a
// page, or is smaller than one: ok is false, and a copy serves.
func (v *views) of(b *alloc.Buffer, data []byte) (h gpu.Buffer, ok bool) {
	page := os.Getpagesize()
	start := unsafe.Pointer(unsafe.SliceData(data))
	if uintptr(start)%uintptr(page) != 0 || len(data) < page {
		return 0, false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	key := weak.Make(b)
	if h, ok := v.made[key]; ok {
		return h, true
	}
	if v.made == nil {
		return 0, false
	}
	// Memory is mapped in whole pages, so that the rest of the last is there.
	h = gpu.Buffer(v.api.NewBufferNoCopy(v.device, start, (len(data)+page-1)/page*page))
	if h == 0 {
		return 0, false
	}
	v.made[key] = h
	runtime.AddCleanup(b, v.forget, key)
	return h, true
}

// forget lets a view go once its buffer is dead.
func (v *views) forget(key weak.Pointer[alloc.Buffer]) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.api.Release(mtl.Object(v.made[key]))
	delete(v.made, key)
}

// close lets all views go.
func (v *views) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, h := range v.made {
		v.api.Release(mtl.Object(h))
	}
	v.made = nil
}
