package gpu

import "github.com/mlxstar/mlxstar/engine"

func init() {
	generators["conv_cores"] = convCoresSource
	sharedFiles["conv_cores"] = []string{"tile", "conv", "cores", "cores_product", "conv_cores"}
}

const convCoresKernel = `
kernel void cores_$tile(device const $T* x [[buffer(0)]], device const $T* w [[buffer(1)]], device $T* out [[buffer(2)]], constant Conv& p [[buffer(3)]], uint3 g [[threadgroup_position_in_grid]], $arguments) {
  conv_cores<$shape, $stages>(x, w, out, p, (threadgroup ushort*)shared, g, i, simd, lane);
}
`

// convTiles are the tiles of convolutions, with the stages of each.
var convTiles = map[coresTile]int{tile32: 2, tile64: 3, tile128: 3}

func convCoresSource(l library) string {
	text := fill(convCoresKernel, "$arguments", tileArguments, "$T", l.in)
	source := ""
	for _, t := range []coresTile{tile32, tile64, tile128} {
		source += fill(tilesSource(text, t), "$stages", string('0'+rune(convTiles[t])))
	}
	return source
}

// coresConv chooses a tile for tensor cores, where they have a kernel: for 16-bit numbers
// whose channels come in eights, and an input that is not dilated.
func (j *job) coresConv(p *conv, x, w, out *engine.Operand) (t coresTile, stages int, ok bool) {
	if !j.queue.backend.cores || out.Dtype.Size() != 2 || x.Buffer == nil || w.Buffer == nil {
		return t, 0, false
	}
	for _, d := range p.inputDilation {
		if d != 1 {
			return t, 0, false
		}
	}
	const most = 1 << 30 // pixels, which are counted in 32 bits, and so are the places beside them
	if p.each%8 != 0 || p.all%8 != 0 || x.Offset%8 != 0 || p.n < convFilters || x.Len()/int(p.all) > most || int(p.m) > most {
		return t, 0, false
	}
	p.weightsWide = flag(w.Offset%8 == 0)
	p.outWide = flag(p.outs%8 == 0 && p.n%8 == 0 && out.Offset%8 == 0)
	if t = coresTileFor(int(p.m), int(p.n), out.Shape[len(out.Shape)-1]/int(p.n)); t == tile16 {
		t = tile32
	}
	return t, convTiles[t], true
}
