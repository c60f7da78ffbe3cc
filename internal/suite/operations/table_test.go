package operations_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/cpu"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/gpu"
	"github.com/mlxstar/mlxstar/internal/suite"
)

const operationsFile = "docs/operations.md"

var updateOperations = flag.Bool("update-operations", false, "write docs/operations.md")

// answer is what a device does when it is asked for an operation of a dtype.
type answer byte

const (
	unasked  answer = ' ' // the operation computes on other dtypes alone
	kernel   answer = 'k'
	composed answer = 'c' // of operations that the device has
	viewed   answer = 'v' // nothing is computed
	refused  answer = '-'
)

// devicesOf are the columns of the table.
var devicesOf = [...]engine.DeviceType{engine.CPU, engine.GPU}

// answers are those of the devices to each dtype, in the order of engine.Dtypes.
type answers [][2]answer

// absentGPU stands where a GPU would. It has a GPU's kernels as far as anyone asks, and
// runs nothing.
type absentGPU struct{ *cpu.Backend }

func (absentGPU) Device() engine.Device { return engine.Device{Type: engine.GPU} }

func (absentGPU) Supports(op *engine.Op, in, out []engine.Dtype) bool {
	return gpu.Supports(op, in, out)
}

func (absentGPU) Refusal(op *engine.Op, in, out []engine.Dtype) error {
	return gpu.Refusal(op, in, out)
}

func (absentGPU) KernelSource(*engine.KernelAttrs, []engine.Operand, []engine.Operand) string {
	panic("there is no GPU to compile for")
}

// absentDevices makes an engine with a processor and a GPU, to build for and not to
// compute with.
func absentDevices(t *testing.T) *engine.Engine {
	t.Helper()
	var backends []engine.Backend
	for _, d := range devicesOf {
		b, err := cpu.New(cpu.Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		if d == engine.GPU {
			backends = append(backends, absentGPU{b})
		} else {
			backends = append(backends, b)
		}
	}
	e, err := engine.New(engine.Options{Backends: backends})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// exampleOf finds how an operation is called, or fails.
func exampleOf(t *testing.T, op *engine.Op) example {
	t.Helper()
	if x := operationExamples[op.Name]; x != nil {
		return x
	}
	if x := classExamples[op.Class]; x != nil {
		return x
	}
	t.Fatalf("%s has no example: add one to operationExamples", op.Name)
	return nil
}

// build makes an operation's example on a device.
func build(e *engine.Engine, x example, op *engine.Op, d engine.Dtype, on engine.DeviceType) (out []*engine.Node, err error) {
	b := e.NewBuilder()
	b.Stream = e.DefaultStream(engine.Device{Type: on})
	err = b.Try(func() { out = x(operands{b, d}, op) })
	return out, err
}

// asked lists the nodes of the operation that compute on the dtype. That is the dtype of
// the first input, of [engine.OpSelect] the second, and where there are only indices, keys
// or codes of some other meaning, or nothing, that of the output.
func asked(out []*engine.Node, op *engine.Op, d engine.Dtype) (found []*engine.Node) {
	for _, n := range engine.Pending(out) {
		if n.Op() != op {
			continue
		}
		of := n.Dtype()
		switch in := n.Inputs(); {
		case op == engine.OpSelect:
			of = in[1].Dtype()
		case len(in) > 0 && op != engine.OpFromFP8 && op != engine.OpRandomBits:
			of = in[0].Dtype()
		}
		if of == d {
			found = append(found, n)
		}
	}
	return found
}

// answerTo tells what becomes of a node on its device, its expansion included.
func answerTo(e *engine.Engine, n *engine.Node) answer {
	op := n.Op()
	if op.Class == engine.View {
		return viewed
	}
	dtypes := func(nodes []*engine.Node) (list []engine.Dtype) {
		for _, n := range nodes {
			list = append(list, n.Dtype())
		}
		return list
	}
	if e.Backend(n.Stream().Device.Type).Supports(op, dtypes(n.Inputs()), dtypes(n.Outputs())) {
		return kernel
	}
	if op.Expand == nil {
		return refused
	}
	b := e.NewBuilder()
	b.Stream = n.Stream()
	var by []*engine.Node
	if err := b.Try(func() { by = op.Expand(b, n) }); err != nil {
		return refused
	}
	for _, step := range engine.Pending(by) {
		constant := step.Op() == engine.OpFull && step.Rank() == 0 // which no kernel makes
		if !constant && answerTo(e, step) == refused {
			return refused
		}
	}
	return composed
}

// answersTo asks both devices for an operation of each dtype.
func answersTo(t *testing.T, e *engine.Engine, op *engine.Op) answers {
	t.Helper()
	x, all, ever := exampleOf(t, op), make(answers, len(engine.Dtypes())), false
	for i, d := range engine.Dtypes() {
		some := false
		for j, on := range devicesOf {
			all[i][j] = refused // unless it can be built here
			out, err := build(e, x, op, d, on)
			if err != nil {
				continue
			}
			for _, n := range asked(out, op, d) {
				if !some || all[i][j] == refused {
					all[i][j] = answerTo(e, n)
				}
				some = true
			}
		}
		if !some {
			all[i] = [2]answer{unasked, unasked}
		}
		ever = ever || some
	}
	if !ever {
		t.Errorf("the example of %s does not call it, whatever the dtype", op.Name)
	}
	return all
}

// TestOperations holds docs/operations.md to what the devices say that they can do.
func TestOperations(t *testing.T) {
	text := operationsText(t, absentDevices(t))
	for name := range operationExamples {
		if !slices.ContainsFunc(engine.Ops(), func(op *engine.Op) bool { return op.Name == name }) {
			t.Errorf("there is an example of %s, and no such operation", name)
		}
	}
	if *updateOperations {
		if err := os.WriteFile(suite.Path(t, operationsFile), text, 0o644); err != nil {
			t.Error(err)
		}
	}
	now, err := os.ReadFile(suite.Path(t, operationsFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(now, text) {
		t.Errorf("%s is stale: run go test ./internal/suite/operations -run TestOperations -update-operations", operationsFile)
	}
	for line := range bytes.Lines(text) {
		if !bytes.Contains(now, line) {
			t.Errorf("%s does not have the line\n%s", operationsFile, line)
		}
	}
}

const operationsHead = `# What each device computes

Generated by ` + "`go test ./internal/suite/operations -run TestOperations -update-operations`" + ` from the engine's operations and what the backends
say that they have kernels for. Functions of mlx.core are made of these operations. A row holds for all operations that it
names; the test TestOperationsGPU runs a small example of each, on both devices, and compares.

Of the two signs for a dtype the first is the processor's and the second the GPU's:

| sign | meaning |
|---|---|
| k | a kernel |
| c | composed of other operations that the device has |
| v | a view: nothing is computed |
| - | refused, with an error |

Where there is none, nothing asks for the operation on that dtype: operands are converted before, or refused on
every device. The dtype is that of the operands, and that of the answer where these are none, or keys or codes. A
conversion, astype, goes to all dtypes that the device has, which on the GPU is not float64. A tracer stands for the
argument of a function that is being traced, and never has a value.

`

// operationsText writes the table. Operations with the same answers share a row.
func operationsText(t *testing.T, e *engine.Engine) []byte {
	rows, names := []string{}, map[string][]string{}
	for _, op := range engine.Ops() {
		var row strings.Builder
		for _, pair := range answersTo(t, e, op) {
			fmt.Fprintf(&row, " %s |", strings.TrimSpace(string([]byte{byte(pair[0]), byte(pair[1])})))
		}
		if names[row.String()] == nil {
			rows = append(rows, row.String())
		}
		names[row.String()] = append(names[row.String()], op.Name)
	}
	var text bytes.Buffer
	text.WriteString(operationsHead + "| operations |")
	for _, d := range engine.Dtypes() {
		fmt.Fprintf(&text, " %s |", d)
	}
	text.WriteString("\n|---|" + strings.Repeat("---|", len(engine.Dtypes())) + "\n")
	for _, row := range rows {
		fmt.Fprintf(&text, "| %s |%s\n", strings.Join(names[row], ", "), row)
	}
	return text.Bytes()
}
