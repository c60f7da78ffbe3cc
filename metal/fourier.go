package metal

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: fouriers}, engine.OpFFT, engine.OpRFFT, engine.OpIRFFT)
	generators["fourier"] = func(library) string { return "" }
	register(&family{encode: codes}, engine.OpPackBits, engine.OpUnpackBits)
	generators["bits"] = func(library) string { return "" }
}

// fourier is the Fourier of the kernels.
type fourier struct {
	n, inWidth, outWidth uint32 // the transform's length, and the rows' lengths
	sign                 int32
	scale                float32
	_                    uint32
}

// fouriers gives each thread one frequency, which it sums over all elements of
// its row.
func fouriers(j *job) error {
	t := j.task
	at, in, out := t.Attrs.(engine.FourierAttrs), &t.In[0], &t.Out[0]
	n := out.Len()
	if n == 0 {
		return nil
	}
	if err := j.use(kernelName{library{family: "fourier"}, "k_" + t.Op.Name}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	f := fourier{n: uint32(at.N), sign: -1, scale: float32(at.Scale)}
	f.inWidth, f.outWidth = uint32(in.Shape[len(in.Shape)-1]), uint32(out.Shape[len(out.Shape)-1])
	if at.Inverse {
		f.sign = 1
	}
	params(j, &f, 2)
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 3)
	j.spread(n)
	return nil
}

// codes packs codes of a few bits into words, a thread a word, or unpacks them, a
// thread a code.
func codes(j *job) error {
	t := j.task
	in, out := &t.In[0], &t.Out[0]
	n := out.Len()
	if n == 0 {
		return nil
	}
	if err := j.use(kernelName{library{family: "bits"}, t.Op.Name}); err != nil {
		return err
	}
	if err := j.read(in, 0); err != nil {
		return err
	}
	if err := j.write(out, 1); err != nil {
		return err
	}
	bits := uint32(t.Attrs.(engine.BitsAttrs).Bits)
	params(j, &bits, 2)
	params(j, &walk{count: uint64(n), width: j.widthOf(n)}, 3)
	j.spread(n)
	return nil
}
