package cuda

import (
	"errors"
	"sync"

	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/gpu"
)

var _ gpu.Transformer = (*card)(nil)

// transforms are cuFFT's, and the plans that it has made.
type transforms struct {
	card *card
	load func() *driver.Transforms // nil where there is no library

	mu    sync.Mutex
	plans map[transformKey]*transformPlan
	used  bool
	uses  uint64
}

type transformKey struct {
	n, rows int
	real    bool
}

type transformPlan struct {
	*driver.TransformPlan // nil where the library has none
	used                  uint64
}

// mostTransformPlans is how many plans are kept: each holds memory of the GPU.
const mostTransformPlans = 32

func newTransforms(c *card, o Options) *transforms {
	t := &transforms{card: c, plans: map[transformKey]*transformPlan{}}
	t.load = sync.OnceValue(func() *driver.Transforms {
		link := o.LinkTransforms
		if link == nil {
			found, err := driver.LinkTransforms(o.path())
			if err != nil {
				return nil
			}
			link = found
		}
		lib, err := driver.LoadTransforms(link)
		if err != nil {
			return nil
		}
		t.used = true
		return lib
	})
	return t
}

// Transforms reports whether cuFFT computes transforms, with no more scratch than a lane has.
func (c *card) Transforms(x *gpu.Transform) bool {
	defer c.enter()()
	t := c.transforms
	t.mu.Lock()
	defer t.mu.Unlock()
	lib := t.load()
	if lib == nil {
		return false
	}
	key := transformKey{x.N, x.Rows, x.Real}
	p := t.plans[key]
	if p == nil {
		p = new(transformPlan)
		made, err := lib.Plan(x.N, x.Rows, x.Real)
		if err == nil && made.Workspace > productScratch {
			lib.Drop(made)
			made = nil
		}
		p.TransformPlan = made
		t.plans[key] = p
	}
	t.uses++
	p.used = t.uses
	x.Plan = p
	return p.TransformPlan != nil
}

var errTransforms = errors.New("cuFFT has no plan for a transform that it took")

// transform runs transforms, with the lane's scratch, since a stream runs one after the other.
func (c *commands) transform(x *gpu.Transform) error {
	t := c.transforms
	t.mu.Lock()
	defer t.mu.Unlock()
	p, _ := x.Plan.(*transformPlan)
	if p == nil {
		return errTransforms
	}
	if p.TransformPlan == nil { // it was let go of meanwhile
		made, err := t.load().Plan(x.N, x.Rows, x.Real)
		if err != nil {
			return err
		}
		p.TransformPlan = made
		t.plans[transformKey{x.N, x.Rows, x.Real}] = p
	}
	if err := c.lane.scratched(); err != nil {
		return err
	}
	at := func(b gpu.Buffer, offset int) driver.DevicePtr { return driver.DevicePtr(b) + driver.DevicePtr(offset) }
	err := t.load().Run(p.TransformPlan, at(x.In, x.InOffset), at(x.Out, x.OutOffset), addressOf(c.lane.scratch), x.Inverse, c.stream)
	t.trim()
	return err
}

// trim lets the plan go that was not used for longest, where there are too many. The lock
// is held. The driver waits for what runs of it.
func (t *transforms) trim() {
	if len(t.plans) <= mostTransformPlans {
		return
	}
	var oldest transformKey
	least := t.uses + 1
	for k, p := range t.plans {
		if p.used < least {
			oldest, least = k, p.used
		}
	}
	if p := t.plans[oldest]; p.TransformPlan != nil {
		t.load().Drop(p.TransformPlan)
		p.TransformPlan = nil
	}
	delete(t.plans, oldest)
}

func (t *transforms) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.used {
		return
	}
	for _, p := range t.plans {
		if p.TransformPlan != nil {
			t.load().Drop(p.TransformPlan)
		}
	}
	clear(t.plans)
}
