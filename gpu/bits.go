package gpu

import "github.com/mlxstar/mlxstar/engine"

func init() {
	register(&family{encode: codes}, engine.OpPackBits, engine.OpUnpackBits)
	generators["bits"] = func(library) string { return "" }
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
