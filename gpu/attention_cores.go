package gpu

import (
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	generators["attention_cores"] = coresSource
	sharedFiles["attention_cores"] = []string{"tile", "attention", "cores", "attention_cores"}
}

const attentionCoresKernel = `
kernel void cores_$size_$rows($arguments) {
  uint tiles = (p.queries + 64 * $rows - 1) / (64 * $rows);
  // Those of the last queries, which see the most keys, begin first.
  attention_cores<$size, $rows, $rows>(head_of(q, k, v, mask, sinks, p, g.y), out, p, (threadgroup ushort*)shared, tiles - 1 - g.x, g.y, i, simd, lane);
}
`

func coresSource(l library) string {
	var s strings.Builder
	for _, size := range []string{"64", "128"} {
		for _, rows := range []string{"1", "2"} {
			text := fill(fill(attentionCoresKernel, "$arguments", attentionArguments), "$tile", tileArguments)
			s.WriteString(fill(text, "$size", size, "$rows", rows, "$T", l.in))
		}
	}
	return s.String()
}

// coresGroups is how many threadgroups, of 32 rows a simdgroup, make it worth to have
// half as many of twice the work.
const coresGroups = 132

// coresKernel chooses a kernel for tensor cores, its threadgroups and their memory in
// bytes; ok is false where the kernels in tiles serve.
func (b *Backend) coresKernel(p *attention, ops [5]*engine.Operand, batches uint) (function string, groups Size, memory int, ok bool) {
	if !b.cores || p.queries <= fewVectors || max(p.features, p.outs) > engine.FlashGradientFeatures || ops[0].Dtype.Size() != 2 {
		return "", groups, 0, false
	}
	*p = p.forCores(ops)
	size, rows, name := 64, 2, "cores_64_"
	if max(p.features, p.outs) > 64 {
		size, name = 128, "cores_128_"
	}
	groups = Size{Width: ceilDiv(p.queries, 128), Height: batches * uint(p.heads), Depth: 1}
	if p.queries <= 64 || groups.Width*groups.Height < coresGroups {
		rows, groups.Width = 1, ceilDiv(p.queries, 64)
	}
	memory = (64*rows + 2*64*rows) * size * 2 // with two rows there are two stages
	return name + string('0'+rune(rows)), groups, memory, true
}
