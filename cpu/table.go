package cpu

import (
	"slices"
	"sync"

	"github.com/mlxstar/mlxstar/cpu/internal/accelerate"
	"github.com/mlxstar/mlxstar/cpu/internal/simd"
	"github.com/mlxstar/mlxstar/engine"
)

// kernel computes one task.
type kernel func(w *workers, t *engine.Task) error

// key names a kernel: the operation, the dtype that it computes on and the one
// it answers in. The former is that of the first input but of [engine.OpSelect],
// whose first input is a condition; a generator without inputs has none.
type key struct {
	op      *engine.Op
	in, out engine.Dtype
}

// table holds every kernel. It does not change once made.
type table map[key]row

// row is an entry of the table: a kernel, and what fusions make of it if it is
// elementwise or a reduction.
type row struct {
	kernel kernel
	// workspace is how much scratch, in bytes, a task wants; nil is none.
	workspace func(w *workers, t *engine.Task) int
	step      *elementwise
	end       passEnd
}

func keyOf(op *engine.Op, in, out []engine.Dtype) key {
	k := key{op: op}
	if len(out) > 0 {
		k.out = out[0]
	}
	if at := mainInput(op); at < len(in) {
		k.in = in[at]
	}
	return k
}

func taskKey(t *engine.Task) key {
	k := key{op: t.Op, out: t.Out[0].Dtype}
	if at := mainInput(t.Op); at < len(t.In) {
		k.in = t.In[at].Dtype
	}
	return k
}

func mainInput(op *engine.Op) int {
	if op == engine.OpSelect {
		return 1
	}
	return 0
}

// workspaces are the rules of the operations whose kernels use scratch.
func (w *workers) workspaces() map[*engine.Op]engine.WorkspaceRule {
	sort, argsort := w.orderingWorkspace(sortScratch), w.orderingWorkspace(argsortScratch)
	return map[*engine.Op]engine.WorkspaceRule{
		engine.OpFFT:          fourierWorkspace,
		engine.OpRFFT:         fourierWorkspace,
		engine.OpIRFFT:        fourierWorkspace,
		engine.OpSort:         sort,
		engine.OpPartition:    sort,
		engine.OpArgSort:      argsort,
		engine.OpArgPartition: argsort,
	}
}

// tables are those of backends that have the processor's kernels, and that have loops in Go
// alone. All backends of a process share them: they never change, and what runs a kernel
// brings the memory that it works in.
var tables = map[bool]func() wholeTable{
	true:  sync.OnceValue(func() wholeTable { return newTable(simd.New(), productLibrary(Options{})).whole() }),
	false: sync.OnceValue(func() wholeTable { return newTable(nil, productLibrary(Options{PureGo: true})).whole() }),
}

// wholeTable is a table and the operations that have kernels which want scratch.
type wholeTable struct {
	rows      table
	scratched []*engine.Op
}

func (t table) whole() wholeTable {
	w := wholeTable{rows: t}
	for at, r := range t {
		if r.workspace != nil && !slices.Contains(w.scratched, at.op) {
			w.scratched = append(w.scratched, at.op)
		}
	}
	return w
}

// tableFor gives the kernels that the options ask for.
func tableFor(o Options) wholeTable {
	if o.system != nil { // a stand-in of tests
		return newTable(vectorKernels(o), productLibrary(o)).whole()
	}
	return tables[wantsAssembly(o)]()
}

// newTable puts the rows of all kernels together. K, if not nil, are kernels in
// assembly that take the place of loops; library gives the system's products, or nil.
func newTable(k *simd.Kernels, library func() *accelerate.Library) table {
	t := make(table, 1<<11)
	f32, f64 := floatProducts(k, library)
	t.addArithmetic()
	t.addFunctions()
	t.addComparisons()
	t.addConversions()
	t.addFloat8()
	t.addFourier(k)
	t.addGenerators()
	t.addLoads()
	t.addCollectives()
	t.addMasked()
	t.addCopies()
	t.addGathers()
	t.addScatters()
	t.addReductions()
	t.addArgReductions()
	t.addSoftmax()
	t.addRandom()
	t.addQuantize()
	t.addLinalg(f64)
	t.addProducts(k, f32, f64)
	t.addQuantizedProducts(k, f32)
	t.addConvolutions(k, f32, f64)
	t.addAttention(k, f32)
	t.addNorms(k)
	t.addScans()
	t.addSorts(k)
	t.vectorize(k)
	return t
}

// What makes kernels is not inlined: each place that it were inlined into would bring
// copies of its loops for every dtype.

// add enters a kernel under an operation and its dtypes. A row entered twice is
// a mistake of this package, which its tests find.
//
//go:noinline
func (t table) add(op *engine.Op, in, out engine.Dtype, k kernel) {
	t.enter(key{op, in, out}, row{kernel: k})
}

// scratch enters the rule for the scratch of a kernel that was added.
func (t table) scratch(op *engine.Op, in, out engine.Dtype, rule func(w *workers, t *engine.Task) int) {
	at := key{op, in, out}
	r := t[at]
	r.workspace = rule
	t[at] = r
}

// workspace is the rule of operations with such kernels.
func (b *Backend) workspace(t *engine.Task) int {
	if rule := b.kernels[taskKey(t)].workspace; rule != nil {
		return rule(b.workers, t)
	}
	return 0
}

// loop enters an elementwise operation.
//
//go:noinline
func (t table) loop(op *engine.Op, in, out engine.Dtype, e elementwise) {
	t.enter(key{op, in, out}, row{kernel: e.run, step: &e})
}

// fold enters a reduction.
//
//go:noinline
func (t table) fold(op *engine.Op, in, out engine.Dtype, f folding) {
	t.enter(key{op, in, out}, row{kernel: f.kernel, workspace: f.workspace, end: f.end})
}

func (t table) enter(at key, r row) {
	if t[at].kernel != nil {
		panic("cpu: two kernels for " + at.op.Name + " of " + at.in.String() + " to " + at.out.String())
	}
	t[at] = r
}
