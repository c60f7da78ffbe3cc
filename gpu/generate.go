package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: fills}, engine.OpFull)
	register(&family{encode: counts}, engine.OpArange)
	register(&family{encode: randomBits}, engine.OpRandomBits)
	register(&family{host: loads}, engine.OpLoad)
	generators["full"] = func(l library) string { return fill(fullKernel, "$T", l.in) }
	generators["arange"] = func(l library) string {
		if d := domainOfType(l.in); d == signed || d == unsigned {
			return fill(countKernel, "$T", l.in, "$N", "long")
		}
		return fill(countKernel, "$T", l.in, "$N", "float")
	}
	generators["random"] = func(library) string { return "" }
}

const fullKernel = `
kernel void full(device const $T* v [[buffer(0)]], device $T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i < w.count) out[i] = v[0];
}
`

const countKernel = `
struct Steps { $N start, step; };
kernel void arange(device $T* out [[buffer(0)]], constant Steps& s [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i < w.count) out[i] = to<$T>::from($N(s.start + $N(i) * s.step));
}
`

func fills(j *job) error {
	element := j.task.Attrs.(*engine.FullAttrs).Element
	return j.fill(&j.task.Out[0], &element)
}

// fill makes all elements of an output the one whose bytes are given, by the largest words
// that the output and what lies before it consist of.
func (j *job) fill(out *engine.Operand, element *engine.ElementBytes) error {
	n := out.Len()
	if n == 0 {
		return nil
	}
	size, word := out.Dtype.Size(), wordBytes
	for (n*size|out.Offset*size)%word != 0 {
		word /= 2
	}
	n = n * size / word
	var repeated [wordBytes]byte
	for i := range repeated {
		repeated[i] = element[i%size]
	}
	if err := j.use(kernelName{library{family: "full", in: wordNames[word]}, "full"}); err != nil {
		return err
	}
	params(j, &repeated, 0)
	if err := j.write(out, 1); err != nil {
		return err
	}
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 2)
	j.spread(n)
	return nil
}

// counts spaces floats in float32, since there is nothing wider; integers are
// exact.
func counts(j *job) error {
	at, out := j.task.Attrs.(engine.ArangeAttrs), &j.task.Out[0]
	n := out.Len()
	if n == 0 {
		return nil
	}
	if err := j.use(kernelName{library{family: "arange", in: typeNames[out.Dtype]}, "arange"}); err != nil {
		return err
	}
	if err := j.write(out, 0); err != nil {
		return err
	}
	if out.Dtype.IsInteger() {
		params(j, &[2]int64{at.IntStart, at.IntStep}, 1)
	} else {
		params(j, &[2]float32{float32(at.Start), float32(at.Step)}, 1)
	}
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 2)
	j.spread(n)
	return nil
}

// draw is the Draw of the kernels: bytes and words for each key.
type draw struct{ size, words, pairs uint64 }

func randomBits(j *job) error {
	t := j.task
	keys, out := &t.In[0], &t.Out[0]
	count, total := keys.Len()/2, out.Len()*out.Dtype.Size()
	if total == 0 || count == 0 {
		return nil
	}
	d := draw{size: uint64(total / count)}
	d.words = (d.size + 3) / 4
	d.pairs = (d.words + 1) / 2
	if err := j.use(kernelName{library{family: "random"}, "bits"}); err != nil {
		return err
	}
	if err := j.read(keys, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	n := count * int(d.pairs)
	params(j, &d, 2)
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 3)
	j.spread(n)
	return nil
}

// loads reads a file's elements straight into the output's shared memory.
func loads(t *engine.Task) error {
	o := &t.Out[0]
	size := o.Dtype.Size()
	return t.Attrs.(engine.LoadAttrs).From.ReadElements(t.Ctx, o.Data[o.Offset*size:][:o.Len()*size])
}
