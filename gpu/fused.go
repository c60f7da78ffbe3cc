package gpu

import (
	"encoding/binary"
	"unsafe"

	"github.com/mlxstar/mlxstar/engine"
)

var fusedFamily = &family{encode: fuses}

// Fuses reports whether an operation can be a step of a fused kernel: whether its
// own kernel is made of an expression.
func (b *Backend) Fuses(op *engine.Op, in []engine.Dtype, out engine.Dtype) bool {
	for _, d := range in {
		if typeNames[d] == "" {
			return false
		}
	}
	if typeNames[out] == "" {
		return false
	}
	return op == engine.OpSelect || expressionOf(op, in[0]) != ""
}

// lie is how an input lies under the shape of a fusion.
type lie uint8

const (
	moving lie = iota // one element after the other, as the outputs do
	single            // one element for all
	inline            // a constant of the graph
	spread            // anything else
)

const (
	// manyElements is the size from which a thread makes several elements: smaller
	// arrays need all threads to keep the GPU busy.
	manyElements = 1 << 16
	// perThread is how many, and narrowPerThread where elements have two bytes at most.
	perThread       = 4
	narrowPerThread = 8
	// fewInputs is the number of inputs up to which the registers hold so many.
	fewInputs = 8
)

// fusedTask is a fusion that is being encoded: what its kernel depends on, and the
// numbers that the kernel is told.
type fusedTask struct {
	kernel fusedKernel
	count  int
	shape  []int   // of the walk, its axes merged
	walks  [][]int // the strides of the spread inputs
}

// newFusedTask looks at how the operands of a task lie. Up to narrow, places are
// numbers of 32 bits.
func newFusedTask(t *engine.Task, narrow int) *fusedTask {
	f := t.Fusion
	k := &fusedTask{count: engine.Elements(f.Shape)}
	k.kernel = fusedKernel{fusion: f, in: make([]fusedInput, len(t.In)), out: make([]engine.Dtype, len(t.Out))}
	walked := [][]int{engine.RowMajor(f.Shape)}
	for i := range t.In {
		o := &t.In[i]
		k.kernel.in[i] = fusedInput{o.Dtype, lieOf(o, k.count)}
		if k.kernel.in[i].lie == spread {
			walked = append(walked, broadcast(o, f.Shape))
		}
	}
	for i := range t.Out {
		k.kernel.out[i] = t.Out[i].Dtype
	}
	if len(walked) > 1 {
		k.shape, k.walks = engine.Collapse(f.Shape, walked...)
		k.walks = k.walks[1:]
	}
	k.kernel.rank = len(k.shape)
	k.kernel.wide = max(k.count, reach(k.shape, k.walks)) >= narrow
	k.kernel.per = 1
	if k.count >= manyElements && len(t.In) <= fewInputs {
		k.kernel.per = k.several(t)
		k.kernel.aligned = k.wholeVectors(t)
	}
	return k
}

// several is how many elements a thread makes: an axis that is walked is of whole parts.
func (k *fusedTask) several(t *engine.Task) int {
	size := 0
	for _, list := range [][]engine.Operand{t.In, t.Out} {
		for i := range list {
			size = max(size, list[i].Dtype.Size())
		}
	}
	for _, per := range []int{narrowPerThread, perThread} {
		if (per == perThread || size <= 2) && (k.kernel.rank == 0 || k.shape[k.kernel.rank-1]%per == 0) {
			return per
		}
	}
	return 1
}

// wholeVectors reports whether what lies as the outputs do begins at a vector of as many
// elements as a thread has.
func (k *fusedTask) wholeVectors(t *engine.Task) bool {
	for i := range t.In {
		if k.kernel.in[i].lie == moving && t.In[i].Offset%k.kernel.per != 0 {
			return false
		}
	}
	for i := range t.Out {
		if t.Out[i].Offset%k.kernel.per != 0 {
			return false
		}
	}
	return true
}

func lieOf(o *engine.Operand, count int) lie {
	switch {
	case o.Buffer == nil:
		return inline
	case o.Len() == 1:
		return single
	case o.Len() == count && o.IsRowMajor():
		return moving
	}
	return spread
}

// reach is how far from its first element any of the walks leads, in elements.
func reach(shape []int, walks [][]int) (far int) {
	for _, strides := range walks {
		at := 0
		for i, n := range shape {
			at += (n - 1) * max(strides[i], -strides[i])
		}
		far = max(far, at)
	}
	return far
}

// numbers are the Layout of the kernel.
func (k *fusedTask) numbers(width uint32) []byte {
	var b []byte
	for _, strides := range k.walks {
		for _, s := range strides {
			b = binary.LittleEndian.AppendUint64(b, uint64(s))
		}
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(k.count))
	b = binary.LittleEndian.AppendUint32(b, width)
	for _, n := range k.shape {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return append(b, make([]byte, -len(b)&7)...)
}

// fuses encodes a fusion as one dispatch.
func fuses(j *job) error {
	t := j.task
	k := newFusedTask(t, j.queue.backend.fused.narrow)
	if k.count == 0 {
		return nil
	}
	p, err := j.queue.backend.fusedPipeline(&k.kernel)
	if err != nil {
		return err
	}
	j.with(p)
	var constants []byte
	at := 0
	for i := range t.In {
		if k.kernel.in[i].lie == inline {
			var word [constantSize]byte
			copy(word[:], t.In[i].Data)
			constants = append(constants, word[:]...)
			continue
		}
		if err := j.read(&t.In[i], at); err != nil {
			return err
		}
		at++
	}
	for i := range t.Out {
		if err := j.write(&t.Out[i], at); err != nil {
			return err
		}
		at++
	}
	if len(constants) > 0 {
		if err := j.bytes(constants, at); err != nil {
			return err
		}
		at++
	}
	threads := (k.count + k.kernel.per - 1) / k.kernel.per
	if err := j.bytes(k.numbers(j.widthOf(threads)), at); err != nil {
		return err
	}
	j.spread(threads)
	return nil
}

// maxBytes is how many bytes a command takes with it.
const maxBytes = 4096

// bytes binds a copy of data, which a command takes with it if they are few.
func (j *job) bytes(data []byte, index int) error {
	if len(data) <= maxBytes {
		j.record.SetBytes(unsafe.Pointer(unsafe.SliceData(data)), len(data), index)
		return nil
	}
	s, err := j.temporary(len(data))
	if err != nil {
		return err
	}
	copy(unsafe.Slice((*byte)(s.Data), len(data)), data)
	j.readScratch(s, 0, index)
	return nil
}
