package gpu

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	generators["quantized_cores"] = quantizedCoresSource
	sharedFiles["quantized_cores"] = []string{"tile", "quantized", "cores", "cores_product", "quantized_cores"}
}

const quantizedCoresKernel = `
kernel void cores_$tile_$layout($arguments, $threads) {
  $pick
  quantized_cores<$shape, $along>(of, out, p, (threadgroup ushort*)shared, g, i, simd, lane);
}
`

// quantizedStages are those of both sides in threadgroup memory: codes of the next one wait
// in registers.
const quantizedStages = 2

func quantizedCoresSource(l library) string {
	mode, width, _ := strings.Cut(l.out, " ")
	text := fill(quantizedCoresKernel, "$arguments", quantizedArguments, "$pick", quantizedPick, "$threads", tileArguments)
	text = fill(text, "$T", l.in, "$mode", mode, "$bits", width)
	source := ""
	for _, along := range []bool{true, false} {
		layout := fill(text, "$layout", layoutOf(along), "$along", truth(along))
		source += tilesSource(layout, tile16, tile32, tile64, tile128)
	}
	return source
}

// quantizedCores chooses a kernel for tensor cores, its threadgroups and their memory; ok is
// false where the others serve.
func (b *Backend) quantizedCores(p *quantized, x, out *engine.Operand, along bool) (function string, groups Size, memory int, ok bool) {
	if !b.cores || p.m <= fewVectors || x.Dtype.Size() != 2 {
		return "", groups, 0, false
	}
	p.wide = flag(x.Buffer != nil && x.Offset%8 == 0 && p.k%8 == 0)
	p.outWide = flag(out.Offset%8 == 0 && p.n%8 == 0)
	t := coresTileFor(int(p.m), int(p.n), int(p.count))
	return "cores_" + t.name() + "_" + layoutOf(along), t.groups(int(p.m), int(p.n), int(p.count)), t.memory(quantizedStages), true
}

// layoutOf names the direction of codes: along the terms, or across them.
func layoutOf(along bool) string {
	if along {
		return "along"
	}
	return "across"
}
