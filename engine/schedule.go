package engine

import (
	"fmt"

	"github.com/mlxstar/mlxstar/alloc"
)

// frame is a node whose inputs are being listed.
type frame struct {
	n    *Node
	next int
	outs int32 // how many outputs its operation has
}

// schedule lists the operations that the roots need, inputs before consumers,
// one node for each operation. It counts in uses how often each node is read by
// the operations listed, roots counting as one reader more, and expands what
// the backend has no kernel for. It walks without recursion: graphs may be
// millions of operations deep.
func (e *Engine) schedule(roots []*Node) (order []*Node, err error) {
	e.visit++
	e.seen = 0
	order, stack := e.scratch.order[:0], e.scratch.stack[:0]
	e.scratch.order = nil
	defer func() {
		if cap(stack) <= keptScratch {
			clear(stack[:cap(stack)])
			e.scratch.stack = stack[:0]
		}
	}()
	var collectives []*Node
	push := func(n *Node) error {
		if n.visit == e.visit {
			return nil
		}
		if n.store == nil {
			for _, o := range n.outputs() {
				o.revive()
			}
		}
		if err := e.prepare(n); err != nil {
			return err
		}
		outs := n.outputs()
		for _, o := range outs {
			o.visit, o.uses, o.known = e.visit, 0, 0
			o.number = e.seen
			e.seen++
		}
		if n.store == nil {
			stack = append(stack, frame{n: n, outs: int32(len(outs))})
			if n.op.Collective {
				collectives = append(collectives, n)
			}
		}
		return nil
	}
	for _, r := range roots {
		if err := push(r); err != nil {
			return nil, err
		}
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			if f.next < len(f.n.inputs) {
				in := f.n.inputs[f.next]
				f.next++
				if in.immediate() && f.n.op.Class != View {
					continue
				}
				if err := push(in); err != nil {
					return nil, err
				}
				in.uses++
				in.known += f.outs
				continue
			}
			order = append(order, f.n)
			stack = stack[:len(stack)-1]
		}
		r.uses++
	}
	if e.ordered = len(collectives) > 1; e.ordered {
		order = e.inGroupOrder(roots, order, collectives)
	}
	return order, nil
}

// prepare checks that a node can be had, and expands it where its device has no
// kernel for it.
func (e *Engine) prepare(n *Node) error {
	if n.fail != nil {
		return n.fail
	}
	if n.store != nil {
		return nil
	}
	if n.op == nil {
		return Errorf(RuntimeError, "eval", "an array is lost: the evaluation that was to compute it did not finish")
	}
	if n.op.Class == View {
		return nil
	}
	sc := &e.scratch
	sc.in, sc.out = appendDtypes(sc.in[:0], n.inputs), appendDtypes(sc.out[:0], n.outputs())
	if n.stream.backend.Supports(n.op, sc.in, sc.out) {
		return nil
	}
	if n.op.Expand == nil {
		return noKernel(n)
	}
	return e.expand(n)
}

// noKernel is the error of an operation that the device cannot do.
func noKernel(n *Node) error {
	in, out := dtypesOf(n.inputs), dtypesOf(n.outputs())
	if r := n.stream.can.Refuser; r != nil {
		if err := r.Refusal(n.op, in, out); err != nil {
			return err
		}
	}
	return Errorf(NotImplementedError, n.op.Name, "%s has no kernel for %s and no expansion", n.stream.Device.Type, dtypeList(in))
}

func (e *Engine) expand(n *Node) error {
	b := &Builder{engine: e, Stream: n.stream, Site: func() alloc.Site { return n.site }}
	outs := n.outputs()
	var by []*Node
	if err := b.Try(func() { by = n.op.Expand(b, n) }); err != nil {
		return err
	}
	if len(by) != len(outs) {
		return Errorf(RuntimeError, n.op.Name, "the expansion gives %d outputs, not %d", len(by), len(outs))
	}
	for i, o := range outs {
		if o.dtype != by[i].dtype || !equalInts(o.shape, by[i].shape) {
			return Errorf(RuntimeError, n.op.Name, "the expansion gives %s %s, not %s %s",
				by[i].dtype, FormatShape(by[i].shape), o.dtype, FormatShape(o.shape))
		}
		o.replace(by[i])
	}
	return nil
}

func dtypesOf(nodes []*Node) []Dtype { return appendDtypes(nil, nodes) }

func appendDtypes(to []Dtype, nodes []*Node) []Dtype {
	for _, n := range nodes {
		to = append(to, n.dtype)
	}
	return to
}

func dtypeList(ds []Dtype) string { return fmt.Sprint(ds) }

// Pending counts the operations that evaluating the nodes would run.
func (e *Engine) Pending(nodes ...*Node) int {
	e.visit++
	count := 0
	stack := append([]*Node(nil), nodes...)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if n.visit == e.visit || n.store != nil || n.op == nil {
			continue
		}
		for _, o := range n.outputs() {
			o.visit = e.visit
		}
		count++
		stack = append(stack, n.inputs...)
	}
	return count
}
