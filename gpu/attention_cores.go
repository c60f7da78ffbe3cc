package gpu

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	generators["attention_cores"] = coresSource
	sharedFiles["attention_cores"] = []string{"tile", "attention", "cores", "attention_cores"}
	generators["attention_groups"] = groupsSource
	sharedFiles["attention_groups"] = []string{"tile", "attention", "cores", "attention_cores", "groups", "attention_groups"}
}

const attentionGroupsKernel = `
AT_ONCE(256, $once) kernel void groups_$size($arguments) {
  uint tiles = (p.queries + 127) / 128;
  attention_groups<$size, $keys>(head_of(q, k, v, mask, sinks, p, g.y), out, p, (threadgroup ushort*)shared, tiles - 1 - g.x, g.y, i, simd, lane);
}
`

// groupKeys are the keys that kernels for so many features take at a time.
var groupKeys = map[int]int{64: 64, 128: 128}

func groupsSource(l library) string {
	var s strings.Builder
	for _, size := range []int{64, 128} {
		text := fill(fill(attentionGroupsKernel, "$arguments", attentionArguments), "$tile", tileArguments)
		s.WriteString(fill(text, "$size", strconv.Itoa(size), "$once", strconv.Itoa(128/size), "$keys", strconv.Itoa(groupKeys[size]), "$T", l.in))
	}
	return s.String()
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

// coresKernel is a kernel for tensor cores, its threadgroups, their threads, and their memory
// in bytes.
type coresKernel struct {
	family, function string
	groups, threads  Size
	memory           int
}

// coresKernel chooses one; ok is false where the kernels in tiles serve.
func (b *Backend) coresKernel(p *attention, ops [5]*engine.Operand, batches uint) (k coresKernel, ok bool) {
	if !b.cores || p.queries <= fewVectors || max(p.features, p.outs) > engine.FlashGradientFeatures || ops[0].Dtype.Size() != 2 {
		return k, false
	}
	*p = p.forCores(ops)
	size := 64
	if max(p.features, p.outs) > 64 {
		size = 128
	}
	k = coresKernel{family: "attention_cores", threads: tileThreads}
	k.groups = Size{Width: ceilDiv(p.queries, 128), Height: batches * uint(p.heads), Depth: 1}
	rows := 2
	if few := p.queries <= 64 && b.busy > 1; few || k.groups.Width*k.groups.Height < b.busy {
		rows, k.groups.Width = 1, ceilDiv(p.queries, 64)
	} else if b.groups {
		k.family, k.function, k.threads = "attention_groups", fmt.Sprintf("groups_%d", size), pairThreads
		k.memory = (128 + 6*groupKeys[size]) * size * 2
		return k, true
	}
	k.function = fmt.Sprintf("cores_%d_%d", size, rows)
	k.memory = (64*rows + 2*64*rows) * size * 2 // with two rows there are two stages
	return k, true
}
