package cpu

import "github.com/mlxstar/mlxstar/engine"

// fused runs a fusion as one pass.
func (b *Backend) fused(t *engine.Task) error {
	f := t.Fusion
	last := len(f.Steps) - 1
	folds := f.Steps[last].Op.Ends
	p := newPass(f.Shape, t, folds)
	a, err := p.compile(b.kernels, t)
	if err != nil {
		return err
	}
	p.measure()
	if !folds {
		return p.run(b.workers, t)
	}
	from := &f.Steps[last]
	end := b.kernels[key{from.Op, argDtype(t, from.Args[0]), from.Dtype}].end
	if end == nil {
		return unfusable(from)
	}
	value := int32(from.Args[0].Index)
	if !from.Args[0].Input {
		value = a.at[value]
	}
	fold := *t
	fold.Attrs = from.Attrs
	return end(p, b.workers, &fold, value, &t.Out[a.at[last]-int32(len(t.In))])
}

func unfusable(s *engine.Step) error {
	return engine.Errorf(engine.NotImplementedError, s.Op.Name, "cpu cannot fuse these dtypes")
}

// copying is the step that stores a constant.
var copying = elementwise{light, func(_ *tiles, dst []byte, in *[maxOperands][]byte) { copy(dst, in[0]) }}

// compile makes the pass's steps of the fusion's. A step answers in an output
// where its answer is one, else in a register, which is free again after the last
// step that reads it.
func (p *pass) compile(kernels table, t *engine.Task) (*assignment, error) {
	f := t.Fusion
	a := &assignment{in: len(t.In), at: make([]int32, len(f.Steps)), last: make([]int, len(f.Steps)), pass: p}
	for i := range a.at {
		a.at[i] = -1
	}
	for k, o := range f.Out {
		if !o.Input {
			a.at[o.Index] = int32(len(t.In) + k)
		}
	}
	for i := range f.Steps {
		for _, arg := range f.Steps[i].Args {
			if !arg.Input {
				a.last[arg.Index] = i
			}
		}
	}
	p.steps = make([]step, 0, len(f.Steps))
	for i := range f.Steps {
		from := &f.Steps[i]
		if from.Op.Ends {
			break
		}
		e := kernels[key{from.Op, argDtype(t, from.Args[mainInput(from.Op)]), from.Dtype}].step
		if e == nil {
			return nil, unfusable(from)
		}
		p.add(e, a.step(e, t, i))
	}
	for k, o := range f.Out {
		if o.Input {
			p.add(&copying, step{loop: copying.loop, args: [maxOperands]int32{int32(o.Index)}, n: 1, dst: int32(len(t.In) + k), size: int32(t.Out[k].Dtype.Size())})
		}
	}
	return a, nil
}

func argDtype(t *engine.Task, a engine.Arg) engine.Dtype {
	if a.Input {
		return t.In[a.Index].Dtype
	}
	return t.Fusion.Steps[a.Index].Dtype
}

// assignment gives registers to the answers of steps.
type assignment struct {
	pass *pass
	in   int     // inputs of the task
	at   []int32 // the place of each answer; below 0 a register, ^at
	last []int   // the last step that reads it
	idle []int32 // registers that hold nothing
}

// step is step i on places. Its answer goes over an operand that it is the last to
// read, where their elements are of one size.
func (a *assignment) step(e *elementwise, t *engine.Task, i int) step {
	from := &t.Fusion.Steps[i]
	s := step{loop: e.loop, n: int32(len(from.Args)), size: int32(from.Dtype.Size())}
	reg := int32(-1)
	var dying [maxOperands]int32
	d := 0
	for k, arg := range from.Args {
		if arg.Input {
			s.args[k] = int32(arg.Index)
			continue
		}
		at := a.at[arg.Index]
		s.args[k] = at
		if at >= 0 || a.last[arg.Index] != i {
			continue
		}
		a.last[arg.Index] = -1 // an operand may be named twice
		if reg < 0 && a.at[i] < 0 && t.Fusion.Steps[arg.Index].Dtype.Size() == from.Dtype.Size() {
			reg = ^at
			continue
		}
		dying[d] = ^at
		d++
	}
	if s.dst = a.at[i]; s.dst < 0 {
		if reg < 0 {
			reg = a.register()
		}
		s.reg, a.at[i] = reg, ^reg
	}
	a.idle = append(a.idle, dying[:d]...)
	return s
}

func (a *assignment) register() int32 {
	if last := len(a.idle) - 1; last >= 0 {
		r := a.idle[last]
		a.idle = a.idle[:last]
		return r
	}
	return int32(a.pass.register())
}
