package cuda

import (
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/gpu"
)

var (
	_ gpu.Driver      = (*card)(nil)
	_ gpu.TensorCores = (*card)(nil)
	_ gpu.GroupCores  = (*card)(nil)
	_ gpu.Timer       = (*card)(nil)
)

// card is a GPU and its context.
type card struct {
	api     *driver.API
	device  driver.Device
	context driver.Context
	source  *source
	shared  *shared
	uploads *uploads

	mostShared int // bytes that a block's threads share at most

	products   *products
	transforms *transforms
	modules    *modules
	family     *siblings
	times      *times    // nil where launches are not timed
	report     io.Writer // where these go at last
}

func newCard(api *driver.API, o Options) (*card, error) {
	d, err := api.DeviceGet(o.Index)
	if err != nil {
		return nil, err
	}
	ctx, err := api.RetainPrimary(d)
	if err != nil {
		return nil, err
	}
	c := &card{api: api, device: d, context: ctx}
	defer c.enter()()
	if c.source, err = newSource(c); err != nil {
		api.ReleasePrimary(d)
		return nil, err
	}
	c.mostShared = api.Attribute(d, driver.MaxSharedMemoryPerBlockOptin)
	c.shared = &shared{card: c, spare: map[int][]alloc.Block{}}
	c.uploads = &uploads{card: c}
	c.modules = newModules(c, o)
	c.products = newProducts(c, o)
	c.transforms = newTransforms(c, o)
	if c.report = o.times(); c.report != nil {
		c.times = newTimes(c)
	}
	return c, nil
}

// enter makes the GPU's context that of the calling goroutine's thread until the
// function that it gives is called.
func (c *card) enter() (leave func()) {
	runtime.LockOSThread()
	_ = c.api.SetCurrent(c.context) // what fails is told by the calls that follow
	return runtime.UnlockOSThread
}

func (c *card) Name() string         { return "cuda" }
func (c *card) Source() alloc.Source { return c.source }

// Info describes the GPU with the keys of MLX on CUDA.
func (c *card) Info() map[string]any {
	defer c.enter()()
	free, total := c.api.MemGetInfo()
	major, minor := c.capability()
	id := c.api.UUID(c.device)
	return map[string]any{
		"device_name":              c.api.Name(c.device),
		"architecture":             fmt.Sprintf("sm_%d%d", major, minor),
		"compute_capability_major": int64(major),
		"compute_capability_minor": int64(minor),
		"total_memory":             int64(total),
		"free_memory":              int64(free),
		"pci_bus_id":               c.api.PCIBusID(c.device),
		"uuid":                     fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]),
	}
}

func (c *card) capability() (major, minor int) {
	return c.api.Attribute(c.device, driver.ComputeCapabilityMajor), c.api.Attribute(c.device, driver.ComputeCapabilityMinor)
}

// Timed reports whether launches are timed.
func (c *card) Timed() bool { return c.times != nil }

// TensorCores are there from Ampere on, as the prelude has them.
func (c *card) TensorCores() bool {
	major, _ := c.capability()
	return major >= 8
}

// architecture is what code is compiled for. Hopper's own instructions are not in the
// architectures after it.
func (c *card) architecture() string {
	major, minor := c.capability()
	if c.GroupCores() {
		return fmt.Sprintf("sm_%d%da", major, minor)
	}
	return fmt.Sprintf("sm_%d%d", major, minor)
}

// GroupCores are Hopper's.
func (c *card) GroupCores() bool {
	major, minor := c.capability()
	return major == 9 && minor == 0
}

// View is not to be had: the GPU reads what was handed in through a copy.
func (c *card) View(*alloc.Buffer, []byte) (gpu.Buffer, bool) { return 0, false }

// Close lets the context go once the last block has been freed.
func (c *card) Close() {
	leave := c.enter()
	if c.times != nil {
		c.times.write(c.report)
		c.times.close()
	}
	c.modules.close()
	c.products.close()
	c.transforms.close()
	c.shared.close()
	c.uploads.close()
	leave()
	c.source.let()
}

// holders counts what needs the context: the card until it is closed, and blocks.
type holders struct {
	mu   sync.Mutex
	live int
}

// add counts one more or less, and tells whether none is left.
func (h *holders) add(n int) (none bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.live += n
	return h.live == 0
}
