package gpu

import (
	"fmt"
)

const (
	// maxFused is how many fused kernels are kept.
	maxFused = 512
	// maxSeen is how many structures are remembered.
	maxSeen = 4096
	// maxOperands leaves room among the 31 buffers of a kernel for the constants of
	// the graph and for the layout.
	maxOperands = 29
)

// To compile a kernel takes as long as some hundred dispatches, and whether a group
// will be met again nobody knows. It gets its kernel once its steps, one by one, have
// done so much work, counted in elements, of which a dispatch is worth some.
const (
	compileWork  = 1 << 21
	dispatchWork = 1 << 14
)

// fusedKernels are the kernels of fusions by their text. The backend's lock guards
// them.
type fusedKernels struct {
	atOnce bool
	most   int // kernels to keep
	narrow int // places from which on 32 bits do not do
	kernel map[string]*keptKernel
	work   map[uint64]int // that structures have done so far
	uses   uint64
}

type keptKernel struct {
	pipeline
	used uint64 // the number of the last use
}

func newFusedKernels(atOnce bool) *fusedKernels {
	return &fusedKernels{atOnce: atOnce, most: maxFused, narrow: 1<<31 - narrowPerThread, kernel: map[string]*keptKernel{}, work: map[uint64]int{}}
}

// MaxOperands is the most buffers that the operands of a fusion take.
func (b *Backend) MaxOperands() int { return maxOperands }

// Worthwhile reports whether a group is to have a kernel of its own.
func (b *Backend) Worthwhile(structure uint64, steps, elements int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.fused
	if f.atOnce {
		return true
	}
	done := f.work[structure]
	if done < compileWork {
		if len(f.work) >= maxSeen {
			clear(f.work)
		}
		done += min(steps*(dispatchWork+elements), compileWork)
		f.work[structure] = done
	}
	return done >= compileWork
}

// fusedPipeline finds the kernel of a fusion, or compiles it. The one that was not
// used for longest makes room. What is in flight keeps its pipeline.
func (b *Backend) fusedPipeline(k *fusedKernel) (pipeline, error) {
	text := k.text()
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.fused
	f.uses++
	if p, ok := f.kernel[text]; ok {
		p.used = f.uses
		return p.pipeline, nil
	}
	if b.closed {
		return pipeline{}, errClosed
	}
	name := k.nameOf(text)
	p, err := b.compile(filesOf("prelude")+k.source(name), name)
	if err != nil {
		return pipeline{}, fmt.Errorf("%s: a kernel for %d fused operations: %w", b.driver.Name(), len(k.fusion.Steps), err)
	}
	if len(f.kernel) >= f.most {
		f.evict(b.driver)
	}
	f.kernel[text] = &keptKernel{p, f.uses}
	return p, nil
}

// compile makes the pipeline of a library's only kernel.
func (b *Backend) compile(source, name string) (pipeline, error) {
	lib, err := b.driver.Compile(source, MathSafe)
	if err != nil {
		return pipeline{}, err
	}
	defer b.driver.FreeLibrary(lib)
	state, threads, err := b.driver.NewPipeline(lib, name)
	if err != nil {
		return pipeline{}, err
	}
	return pipeline{state, threads}, nil
}

func (f *fusedKernels) evict(d Driver) {
	oldest, text := f.uses+1, ""
	for t, k := range f.kernel {
		if k.used < oldest {
			oldest, text = k.used, t
		}
	}
	d.FreePipeline(f.kernel[text].state)
	delete(f.kernel, text)
}

func (f *fusedKernels) release(d Driver) {
	for _, k := range f.kernel {
		d.FreePipeline(k.state)
	}
	clear(f.kernel)
}
