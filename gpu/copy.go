package gpu

import (
	"github.com/mlxstar/mlxstar/engine"
)

func init() {
	register(&family{encode: copies}, engine.OpCopy)
	register(&family{encode: concatenates}, engine.OpConcatenate)
}

const copyKernels = `
kernel void copy(device const T* a [[buffer(0)]], device T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
  ulong i = element(w, g);
  if (i >= w.count) return;
  out[place(w, 1, i)] = a[place(w, 0, i)];
}

// copy_tiles: a threadgroup turns a tile of side by side elements around in memory that
// it shares, so that neighbours read and write neighbours. The walk is over the
// axes but two.
enum : uint { side = sizeof(T) <= 4 ? 64 : 32, each_turns = 4 };
kernel void copy_tiles(device const T* a [[buffer(0)]], device T* out [[buffer(1)]], constant Walk& w [[buffer(2)]], constant Tiles& t [[buffer(3)]],
    threadgroup T* tile [[threadgroup(0)]], uint3 g [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]],
    uint simd [[simdgroup_index_in_threadgroup]], uint simds [[simdgroups_per_threadgroup]]) {
  ulong item = ulong(g.y) * t.across + g.x;
  if (item >= t.items) return;
  uint left = uint(item % t.tiles_across) * side, top = uint(item / t.tiles_across % t.tiles_down) * side;
  ulong other = item / t.tiles_across / t.tiles_down;
  a += place(w, 0, other);
  out += place(w, 1, other);
  uint columns = min(uint(side), t.columns - left), rows = min(uint(side), t.rows - top);
  for (uint k = simd; k < columns; k += each_turns * simds) {
    T v[each_turns * side / 32]; // loads that wait together
    UNROLLED for (uint h = 0; h < each_turns; h++) UNROLLED for (uint s = 0; s < side / 32; s++) {
      uint c = k + h * simds, r = lane + 32 * s;
      if (c < columns && r < rows) v[h * (side / 32) + s] = a[long(left + c) * t.in_step + top + r];
    }
    UNROLLED for (uint h = 0; h < each_turns; h++) UNROLLED for (uint s = 0; s < side / 32; s++) {
      uint c = k + h * simds, r = lane + 32 * s;
      if (c < columns && r < rows) tile[c * (side + 1) + r] = v[h * (side / 32) + s];
    }
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint k = simd; k < rows; k += simds) {
    UNROLLED for (uint s = 0; s < side / 32; s++) {
      uint c = lane + 32 * s;
      if (c < columns) out[long(top + k) * t.out_step + left + c] = tile[c * (side + 1) + k];
    }
  }
}
`

// wordBytes is the size of the largest word that kernels move at once.
const wordBytes = 16

// words makes a walk go by larger words than elements of size bytes, where all
// operands' runs, and the distances between them, are of whole words; apart are
// further distances. It gives how many elements a word has.
func (w *walk) words(size, operands int, apart ...int) int {
	if w.rank == 0 {
		return 1
	}
	last := w.rank - 1
	for f := wordBytes / size; f > 1; f /= 2 {
		whole := int(w.shape[last])%f == 0
		for _, n := range apart {
			whole = whole && n%f == 0
		}
		for k := range operands {
			whole = whole && w.strides[k][last] == 1
			for _, s := range w.strides[k][:last] {
				whole = whole && int(s)%f == 0
			}
		}
		if !whole {
			continue
		}
		w.count /= uint64(f)
		w.shape[last] /= uint32(f)
		for k := range operands {
			for i := range last {
				w.strides[k][i] /= int64(f)
			}
		}
		return f
	}
	return 1
}

func copies(j *job) error {
	return j.copy(&j.task.In[0], &j.task.Out[0], j.task.Out[0].Strides)
}

// copy moves the elements of an operand to places of the output that have the
// given strides under the operand's shape.
func (j *job) copy(from, to *engine.Operand, strides []int) error {
	if from.Len() == 0 {
		return nil
	}
	w, err := newWalk(j.task.Op.Name, from.Shape, broadcast(from, from.Shape), strides)
	if err != nil {
		return err
	}
	size := to.Dtype.Size()
	if t, ok := w.turned(tileSide(size)); ok {
		return j.copyTiles(from, to, &w, t)
	}
	size *= w.words(size, 2, from.Offset, to.Offset)
	if err := j.use(mover(size, "copy")); err != nil {
		return err
	}
	if err := j.read(from, 0); err != nil {
		return err
	}
	if err := j.write(to, 1); err != nil {
		return err
	}
	w.width = j.widthOf(int(w.count))
	params(j, &w, 2)
	j.spread(int(w.count))
	return nil
}

// tiles is the Tiles of the kernels: a matrix whose rows lie in order in the output,
// and whose columns do in the input.
type tiles struct {
	items                  uint64
	across                 uint32
	tilesAcross, tilesDown uint32
	rows, columns, _       uint32
	inStep, outStep        int64
}

const (
	tiledSides = 16      // the shortest side that tiles are worth
	tiledLeast = 1 << 12 // elements that they are worth it for
	tileSimds  = 8
)

// tileSide is the side of the tiles of elements of some bytes.
func tileSide(size int) uint32 {
	if size <= 4 {
		return 64
	}
	return 32
}

// turned takes two axes out of a walk of an input and an output whose neighbours lie
// along different axes.
func (w *walk) turned(side uint32) (t tiles, ok bool) {
	if w.rank < 2 || w.count < tiledLeast {
		return t, false
	}
	last := w.rank - 1
	if w.strides[1][last] != 1 || w.shape[last] < tiledSides {
		return t, false
	}
	for k := range last {
		if w.strides[0][k] != 1 || w.shape[k] < tiledSides {
			continue
		}
		t.rows, t.columns = w.shape[k], w.shape[last]
		t.inStep, t.outStep = w.strides[0][last], w.strides[1][k]
		t.tilesAcross, t.tilesDown = (t.columns+side-1)/side, (t.rows+side-1)/side
		w.count /= uint64(t.rows) * uint64(t.columns)
		w.rank -= 2
		for i := k; i < w.rank; i++ {
			w.shape[i] = w.shape[i+1]
			for o := range w.strides {
				w.strides[o][i] = w.strides[o][i+1]
			}
		}
		t.items = w.count * uint64(t.tilesAcross) * uint64(t.tilesDown)
		return t, true
	}
	return t, false
}

func (j *job) copyTiles(from, to *engine.Operand, w *walk, t tiles) error {
	if err := j.use(mover(to.Dtype.Size(), "copy_tiles")); err != nil {
		return err
	}
	if err := j.read(from, 0); err != nil {
		return err
	}
	if err := j.write(to, 1); err != nil {
		return err
	}
	side := int(tileSide(to.Dtype.Size()))
	x := min(int(t.items), lines)
	t.across = uint32(x)
	params(j, w, 2)
	params(j, &t, 3)
	j.record.SetThreadgroupMemory(aligned(side*(side+1)*to.Dtype.Size()), 0)
	simds := max(min(tileSimds, j.kernel.maxThreads/lanesPerSimd), 1)
	j.groups(Size{Width: uint(x), Height: uint((int(t.items) + x - 1) / x), Depth: 1}, Size{Width: uint(simds * lanesPerSimd), Height: 1, Depth: 1})
	return nil
}

func concatenates(j *job) error {
	t := j.task
	axis, at := t.Attrs.(engine.ConcatAttrs).Axis, 0
	defer j.writesApart()()
	for i := range t.In {
		to := t.Out[0]
		to.Offset += at * to.Strides[axis]
		at += t.In[i].Shape[axis]
		if err := j.copy(&t.In[i], &to, to.Strides); err != nil {
			return err
		}
	}
	return nil
}
