package cuda

import (
	"errors"
	"os"
	"sync"

	"github.com/mlxstar/mlxstar/alloc"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
)

var _ gpu.Multiplier = (*card)(nil)

// products are cuBLASLt's, and the multiplications that it has been asked for.
type products struct {
	card *card
	load func() *driver.Products // nil where there is no library
	tf32 bool

	mu       sync.Mutex
	prepared map[driver.Multiplication]*driver.Prepared // nil where it has no algorithm
	used     bool
}

// productScratch is what an algorithm may use of the GPU's memory; each lane that
// multiplies has so much.
const productScratch = 32 << 20

func newProducts(c *card, o Options) *products {
	p := &products{card: c, prepared: map[driver.Multiplication]*driver.Prepared{}, tf32: os.Getenv("MLX_ENABLE_TF32") != "0"}
	p.load = sync.OnceValue(func() *driver.Products {
		link := o.LinkProducts
		if link == nil {
			found, err := driver.LinkProducts(o.path())
			if err != nil {
				return nil
			}
			link = found
		}
		lib, err := driver.LoadProducts(link)
		if err != nil {
			return nil
		}
		p.used = true
		return lib
	})
	return p
}

// elementTypes are those that the library multiplies.
var elementTypes = map[engine.Dtype]driver.DataType{
	engine.Float32: driver.R32F, engine.Float16: driver.R16F, engine.BFloat16: driver.R16BF,
}

// Multiplies reports whether cuBLASLt computes a product.
func (c *card) Multiplies(p *gpu.Product) bool {
	if _, ok := elementTypes[p.Dtype]; !ok {
		return false
	}
	defer c.enter()()
	c.products.mu.Lock()
	defer c.products.mu.Unlock()
	m, ok := c.products.describe(p)
	if !ok {
		return false
	}
	found := c.products.find(m)
	p.Plan = found
	return found != nil
}

// find prepares a multiplication, once. The lock is held.
func (p *products) find(m driver.Multiplication) *driver.Prepared {
	lib := p.load()
	if lib == nil {
		return nil
	}
	x, ok := p.prepared[m]
	if !ok {
		x = lib.Prepare(&m, productScratch)
		p.prepared[m] = x
	}
	return x
}

// describe writes a product of rows as one of columns: the columns of the answer's
// transpose are its rows, and the right side comes first.
func (p *products) describe(x *gpu.Product) (m driver.Multiplication, ok bool) {
	size := x.Dtype.Size()
	side := func(s gpu.Matrix, sides int) (driver.MatrixOf, bool) {
		o := driver.MatrixOf{Rows: sides, Columns: x.K, Lead: s.Line, Apart: int64(s.Apart), Alignment: alignment(s, size)}
		if s.Along {
			o.Rows, o.Columns = x.K, sides
		}
		return o, s.Along
	}
	m = driver.Multiplication{Type: elementTypes[x.Dtype], Compute: driver.Compute32F, Stack: x.Stack}
	if x.Dtype == engine.Float32 && p.tf32 {
		m.Compute = driver.Compute32FTF32
	}
	var along bool
	m.A, along = side(x.B, x.N)
	m.TransA = along
	m.B, along = side(x.A, x.M)
	m.TransB = !along
	m.D = driver.MatrixOf{Rows: x.N, Columns: x.M, Lead: x.Out.Line, Apart: int64(x.Out.Apart), Alignment: alignment(x.Out, size)}
	m.C = m.D
	switch {
	case x.C.Buffer == 0:
	case x.C.Line == 0:
		if x.Beta != 1 || x.Stack > 1 && x.C.Apart != 0 || alignment(x.C, size) < 16 {
			return m, false
		}
		m.Bias = true
	default:
		m.C.Lead, m.C.Apart, m.C.Alignment = x.C.Line, int64(x.C.Apart), alignment(x.C, size)
	}
	return m, true
}

// alignment is that of all lines of a matrix, 256 bytes at most: blocks begin so.
func alignment(m gpu.Matrix, size int) uint32 {
	bits := m.Offset | 256
	return uint32(bits & -bits)
}

// errProducts cannot be: what was recorded had been agreed to.
var errProducts = errors.New("cuBLASLt has no algorithm for a product that it took")

// multiply runs a product. A lane's scratch is its own, since a stream runs one after
// the other.
func (c *commands) multiply(x *gpu.Product) error {
	p := c.products
	p.mu.Lock()
	defer p.mu.Unlock()
	prepared, _ := x.Plan.(*driver.Prepared)
	if prepared == nil {
		return errProducts
	}
	if err := c.lane.scratched(); err != nil {
		return err
	}
	at := func(m gpu.Matrix) driver.DevicePtr { return driver.DevicePtr(m.Buffer) + driver.DevicePtr(m.Offset) }
	beta, added := x.Beta, at(x.C)
	if x.C.Buffer == 0 || prepared.Bias() {
		beta = 0
	}
	if x.C.Buffer == 0 {
		added = at(x.Out)
	}
	return p.load().Run(prepared, x.Alpha, beta, at(x.B), at(x.A), added, at(x.Out), addressOf(c.lane.scratch), c.stream)
}

func (p *products) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.used {
		return
	}
	lib := p.load()
	for _, m := range p.prepared {
		if m != nil {
			lib.Drop(m)
		}
	}
	clear(p.prepared)
	lib.Close()
	p.used = false
}

// scratched sees to it that the lane has scratch for libraries.
func (l *lane) scratched() error {
	if l.scratch.Handle != nil {
		return nil
	}
	b, err := l.source.Alloc(productScratch)
	if err == nil {
		l.scratch = b
	}
	return err
}

// free gives a lane's scratch back.
func (l *lane) free() {
	if l.scratch.Handle != nil {
		l.source.Free(l.scratch)
		l.scratch = alloc.Block{}
	}
}
