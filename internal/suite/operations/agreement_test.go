package operations_test

import (
	"context"
	"fmt"
	"math/cmplx"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/internal/conformance/flags"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// agreed is how far the devices may be apart, relative to the greatest element; other
// dtypes agree exactly.
var agreed = map[engine.Dtype]float64{engine.Float32: 6e-6, engine.Float16: 2e-3, engine.BFloat16: 1e-2, engine.Complex64: 6e-6}

// leeway is how many times that operations may be apart whose intermediate numbers have the
// dtype of their operands where tensor cores multiply them.
var leeway = map[*engine.Op]float64{engine.OpAttentionVJP: 2}

const onlyProcessor = "This op is not yet supported on the GPU"

// refusedWith are the errors in words of their own, by the name of the operation or its
// beginning. All others name operation, device and dtype.
var refusedWith = map[string]string{
	"linalg.":      onlyProcessor,
	"all_":         onlyProcessor, // of groups of processes
	"sum_scatter":  onlyProcessor,
	"send":         onlyProcessor,
	"recv":         onlyProcessor,
	"metal_kernel": "runs on a GPU, and the stream is one of the cpu",
	"tracer":       "outlived the traced function",
}

// TestOperationsGPU computes what docs/operations.md says that there is, on both devices,
// and compares; and asks for what there is not.
func TestOperationsGPU(t *testing.T) {
	says := absentDevices(t)
	a, err := mlxstar.NewArray(suite.NewRuntime(t, suite.GPU(t)), []float32{0}, 1)
	if err != nil {
		t.Fatal(err)
	}
	devices := a.Engine()
	cell, compared := 0, 0
	for _, op := range engine.Ops() {
		for i, pair := range answersTo(t, says, op) {
			if pair[0] == unasked || suite.OnCUDA() && (op == engine.OpKernel || op == engine.OpKernelStrided) {
				continue // kernels in Metal's language
			}
			if cell++; cell%*flags.OperationsEvery != 0 {
				continue
			}
			d := engine.Dtypes()[i]
			var values [len(devicesOf)][]computed
			for j, on := range devicesOf {
				values[j], err = compute(devices, exampleOf(t, op), op, d, on)
				if wrong := holds(pair[j], err, op, d, on); wrong != "" {
					t.Errorf("%s of %s on the %s is %q: %s", op.Name, d, on, pair[j], wrong)
				}
			}
			if values[0] == nil || values[1] == nil {
				continue
			}
			compared++
			for k := range values[0] {
				if wrong := apart(values[0][k], values[1][k], leeway[op]); wrong != "" {
					t.Errorf("answer %d of %s of %s: %s", k, op.Name, d, wrong)
				}
			}
		}
	}
	t.Logf("%d of %d cells, of which both devices compute %d", cell / *flags.OperationsEvery, cell, compared)
}

// computed are the elements of an answer, which the engine may let go of.
type computed struct {
	dtype   engine.Dtype
	shape   []int
	numbers []complex128
}

// compute runs an example on a device.
func compute(e *engine.Engine, x example, op *engine.Op, d engine.Dtype, on engine.DeviceType) ([]computed, error) {
	out, err := build(e, x, op, d, on)
	if err != nil {
		return nil, err
	}
	// First the operation alone, so that an error is its own.
	for _, n := range slices.Concat(asked(out, op, d), out) {
		e.NewArray(n)
	}
	if err := e.Eval(context.Background(), asked(out, op, d)...); err != nil {
		return nil, err
	}
	var all []computed
	for _, n := range out {
		o, err := e.Data(context.Background(), n)
		if err != nil {
			return nil, err
		}
		all = append(all, computed{n.Dtype(), n.Shape(), numbersOf(&o)})
	}
	runtime.KeepAlive(out)
	return all, nil
}

// holds tells in what an evaluation differs from what the table says, or "".
func holds(says answer, err error, op *engine.Op, d engine.Dtype, on engine.DeviceType) string {
	if says != refused {
		if err != nil {
			return err.Error()
		}
		return ""
	}
	if err == nil {
		return "it is computed"
	}
	text := err.Error()
	for name, words := range refusedWith {
		if strings.HasPrefix(op.Name, name) && strings.Contains(text, words) {
			return ""
		}
	}
	names := []string{on.String(), d.String()}
	if op.Expand == nil { // else what it is composed of has the error
		names = append(names, op.Name)
	}
	for _, name := range names {
		if !strings.Contains(strings.ToLower(text), name) {
			return fmt.Sprintf("the error %q does not name %s", text, name)
		}
	}
	return ""
}

// apart tells how two answers differ, or "". NaN equals NaN, and infinities themselves.
func apart(want, got computed, times float64) string {
	if want.dtype != got.dtype || !slices.Equal(want.shape, got.shape) {
		return fmt.Sprintf("%s %v and %s %v", want.dtype, want.shape, got.dtype, got.shape)
	}
	a, b := want.numbers, got.numbers
	top, off, finite := 0.0, 0.0, false
	for i := range a {
		switch {
		case cmplx.IsNaN(a[i]) && cmplx.IsNaN(b[i]) || a[i] == b[i] && cmplx.IsInf(a[i]):
			continue
		case cmplx.IsNaN(a[i]-b[i]) || cmplx.IsInf(a[i]-b[i]):
			return fmt.Sprintf("%v and %v", a, b)
		}
		top, off, finite = max(top, cmplx.Abs(a[i])), max(off, cmplx.Abs(a[i]-b[i])), true
	}
	if !finite || off > agreed[want.dtype]*max(times, 1)*top {
		return fmt.Sprintf("%v and %v", a, b)
	}
	return ""
}

func numbersOf(o *engine.Operand) (list []complex128) {
	o.Each(func(at int) {
		switch e := o.At(at); {
		case o.Dtype.IsComplex():
			list = append(list, complex128(e.Complex))
		case o.Dtype.IsInexact():
			list = append(list, complex(e.Float, 0))
		default:
			list = append(list, complex(float64(e.Int), 0))
		}
	})
	return list
}
