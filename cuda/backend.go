package cuda

import (
	"fmt"
	"io"
	"os"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
)

var _ engine.Backend = (*Backend)(nil)

// Linker finds the functions of a library.
type Linker = driver.Linker

// Options configure a backend. The zero value is a good choice.
type Options struct {
	// Index is the GPU's number. With Wrap it is taken modulo the number of GPUs: processes
	// of one machine divide them by their ranks.
	Index int
	Wrap  bool
	// Link is where the driver is found, and LinkCompiler NVRTC; nil is the system's.
	Link, LinkCompiler Linker
	// LinkProducts is where cuBLASLt is found; where there is none, kernels of our own
	// multiply.
	LinkProducts Linker
	// LinkTransforms is where cuFFT is found; where there is none, kernels of our own
	// transform.
	LinkTransforms Linker
	// Path is the folder of these; where it is empty, MLXSTAR_CUDA_PATH's, the loader's,
	// a toolkit's, or that of an environment of Python is used.
	Path string
	// Cache is the folder of compiled kernels, "" for the user's cache folder.
	Cache string
	// Times is where, once the backend is closed, a table goes of how long each kernel
	// took. Where it is nil, and MLXSTAR_CUDA_TIMES is set, that is the standard error.
	Times io.Writer
	// Poison is shared with backends that read this one's arrays; nil is one of its own.
	Poison *engine.Poison
	// FuseAtOnce compiles a kernel for every group of elementwise operations when it is
	// first met, rather than for those that are met often or are large.
	FuseAtOnce bool
}

// path is where libraries are looked for first.
func (o *Options) path() string {
	if o.Path != "" {
		return o.Path
	}
	return os.Getenv("MLXSTAR_CUDA_PATH")
}

func (o *Options) times() io.Writer {
	if o.Times == nil && os.Getenv("MLXSTAR_CUDA_TIMES") != "" {
		return os.Stderr
	}
	return o.Times
}

// Backend runs operations on an NVIDIA GPU.
type Backend struct {
	*gpu.Backend
	card     *card
	options  Options // that it was made by, with the GPU's number
	siblings *siblings
}

// ErrUnavailable is wrapped by the error of New where there is no GPU.
var ErrUnavailable = fmt.Errorf("there is no CUDA device here: %w", gpu.ErrUnavailable)

// Enter makes the GPU's context that of the calling goroutine's thread until the function
// that it gives is called: libraries of NVIDIA's then use it.
func (b *Backend) Enter() (leave func()) { return b.card.enter() }

// Open makes a backend of the first GPU, which shares failures with others by poison.
func Open(poison *engine.Poison) (engine.Backend, error) {
	return OpenWith(Options{Poison: poison})
}

// OpenWith is New for who knows backends by what they do.
func OpenWith(o Options) (engine.Backend, error) {
	b, err := New(o)
	if err != nil {
		return nil, err // and no backend that is nil
	}
	return b, nil
}

// New loads the driver and makes a backend of a GPU. It must be closed.
func New(o Options) (*Backend, error) {
	link := o.Link
	if link == nil {
		found, err := driver.Link()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		link = found
	}
	api, err := driver.Load(link)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	n, err := api.Devices()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if o.Wrap && n > 0 {
		o.Index %= int(n)
	}
	if o.Index < 0 || o.Index >= int(n) {
		return nil, fmt.Errorf("%w: GPU %d of %d", ErrUnavailable, o.Index, n)
	}
	return newBackend(api, o, 0, &siblings{count: int(n)})
}

// newBackend makes a backend of the GPU that the options say, under a number of the engine's.
func newBackend(api *driver.API, o Options, index int, s *siblings) (*Backend, error) {
	if o.Poison == nil {
		o.Poison = new(engine.Poison)
	}
	c, err := newCard(api, o)
	if err != nil {
		return nil, fmt.Errorf("cuda: %w", err)
	}
	if err := s.add(c); err != nil {
		c.Close()
		return nil, fmt.Errorf("cuda: %w", err)
	}
	return &Backend{gpu.New(c, gpu.Options{Poison: o.Poison, FuseAtOnce: o.FuseAtOnce, FuseSingles: true, Index: index}), c, o, s}, nil
}
