package cpu

import "github.com/mlxstar/mlxstar/engine"

// codeBlock is how many codes fill whole words, as many as a code has bits. Fewer may
// do so as well, and then end the last block early.
const codeBlock = 32

// codeBlocks counts the blocks of so many codes.
func codeBlocks(codes int) int { return (codes + codeBlock - 1) / codeBlock }

// packBits turns codes into words.
func packBits(w *workers, t *engine.Task) error {
	in, out, bits := dense[uint8](&t.In[0]), dense[uint32](&t.Out[0]), t.Attrs.(engine.BitsAttrs).Bits
	return w.run(t.Ctx, codeBlocks(len(in)), int(light)/codeBlock, func(_ *tiles, lo, hi int) error {
		packCodes(out[lo*bits:], in[lo*codeBlock:min(hi*codeBlock, len(in))], bits)
		return nil
	})
}

// packMade packs codes as a pass makes them. Rows of the pass hold whole words, but not always
// whole blocks; a chunk begins with a block.
func packMade(p *pass, w *workers, t *engine.Task, value int32, o *engine.Operand) error {
	out, bits := dense[uint32](o), t.Attrs.(engine.BitsAttrs).Bits
	return w.run(t.Ctx, codeBlocks(p.n), max(p.grain(w)/codeBlock, 1), func(ts *tiles, lo, hi int) error {
		return p.chunk(t.Ctx, ts, lo*codeBlock, min(hi*codeBlock, p.n), func(at, n int) {
			packCodes(out[at*bits/32:], p.value(ts, value)[:n], bits)
		})
	})
}

// packCodes packs codes that fill whole words.
func packCodes(words []uint32, codes []uint8, bits int) {
	mask := uint64(1)<<bits - 1
	var stream uint64
	have, at := 0, 0
	for _, c := range codes {
		stream |= uint64(c) & mask << have
		if have += bits; have >= 32 {
			words[at] = uint32(stream)
			stream, have, at = stream>>32, have-32, at+1
		}
	}
}

// unpackBits is the way back.
func unpackBits(w *workers, t *engine.Task) error {
	in, out, bits := dense[uint32](&t.In[0]), dense[uint8](&t.Out[0]), t.Attrs.(engine.BitsAttrs).Bits
	mask := uint64(1)<<bits - 1
	return w.run(t.Ctx, codeBlocks(len(out)), int(light)/codeBlock, func(_ *tiles, lo, hi int) error {
		for block := lo; block < hi; block++ {
			words := in[block*bits:]
			var stream uint64
			have, at := 0, 0
			codes := out[block*codeBlock : min((block+1)*codeBlock, len(out))]
			for i := range codes {
				if have < bits {
					stream |= uint64(words[at]) << have
					have, at = have+32, at+1
				}
				codes[i] = uint8(stream & mask)
				stream, have = stream>>bits, have-bits
			}
		}
		return nil
	})
}

// addQuantize enters the packing of codes.
func (t table) addQuantize() {
	t.enter(key{engine.OpPackBits, engine.Uint8, engine.Uint32}, row{kernel: packBits, end: packMade})
	t.add(engine.OpUnpackBits, engine.Uint32, engine.Uint8, unpackBits)
}
