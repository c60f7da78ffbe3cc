package cuda

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/gpu"
)

//go:embed prelude.cuh
var prelude string

// parameter is how an argument of a kernel is handed over.
type parameter uint8

const (
	absent  parameter = iota
	pointer           // to memory of the GPU
	value             // a copy of the argument's bytes
)

// signature is what a launch must know of a kernel.
type signature struct {
	params [31]parameter // by the index of the buffer
	order  []int         // of the buffers, as the function takes them
	shared []int         // the indices of the threadgroup arguments
}

// translation is a library in CUDA.
type translation struct {
	text    string
	kernels map[string]*signature
}

// entryName is what a kernel's function is called.
func entryName(kernel string) string { return "run_" + kernel }

// translate turns a library of the kernels' dialect into CUDA: kernels become
// functions, and each gets an entry point with plain parameters, which finds where
// its thread is and where in the memory that a group shares its arguments begin.
func translate(source string) (*translation, error) {
	source = strings.ReplaceAll(source, "#include <metal_stdlib>\n", "")
	source = strings.ReplaceAll(source, "using namespace metal;\n", "")
	source = withoutComments(source)
	t := &translation{kernels: map[string]*signature{}}
	var out, entries strings.Builder
	if strings.HasPrefix(source, gpu.Narrow) {
		out.WriteString(gpu.Narrow)
		source = source[len(gpu.Narrow):]
	}
	out.WriteString(prelude)
	out.WriteString("#line 1 \"kernels\"\n")
	const key = "kernel void "
	for {
		before, after, found := strings.Cut(source, key)
		before, bounds := cutBounds(before)
		out.WriteString(before)
		if !found {
			break
		}
		name, rest, ok := strings.Cut(after, "(")
		if !ok {
			return nil, fmt.Errorf("a kernel without parameters: %.40q", after)
		}
		end := closing(rest)
		if end < 0 {
			return nil, fmt.Errorf("the parameters of kernel %s do not end", name)
		}
		e := entry{name: strings.TrimSpace(name), sig: new(signature), bounds: bounds}
		for _, p := range splitParams(rest[:end]) {
			if err := e.add(p); err != nil {
				return nil, fmt.Errorf("kernel %s: %w", e.name, err)
			}
		}
		out.WriteString("static inline void " + e.name + "(" + strings.Join(e.plain, ", "))
		entries.WriteString(e.text())
		t.kernels[e.name] = e.sig
		source = rest[end:]
	}
	out.WriteString(entries.String())
	t.text = out.String()
	return t, nil
}

// cutBounds takes from the end of what stands before a kernel how many threads its groups
// have at most, and how many groups are to fit on a multiprocessor at once.
func cutBounds(before string) (rest, bounds string) {
	const key = "AT_ONCE("
	at := strings.LastIndex(before, key)
	if at < 0 || !strings.HasSuffix(strings.TrimSpace(before[at:]), ")") || strings.Count(before[at:], ")") > 1 {
		return before, ""
	}
	return before[:at], "__launch_bounds__(" + strings.TrimSpace(before[at+len(key):]) + " "
}

// closing is the place of the parenthesis that ends a list, or -1.
func closing(s string) int {
	depth := 1
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// splitParams divides a list at its commas, but not within brackets.
func splitParams(s string) (list []string) {
	depth, from := 0, 0
	for i, c := range s {
		switch c {
		case '(', '[', '<':
			depth++
		case ')', ']', '>':
			depth--
		case ',':
			if depth == 0 {
				list = append(list, s[from:i])
				from = i + 1
			}
		}
	}
	return append(list, s[from:])
}

func withoutComments(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		code, _, comment := strings.Cut(line, "//")
		b.WriteString(code)
		if comment {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// positions are what a kernel may ask about its thread.
var positions = map[string]string{
	"thread_position_in_grid":        "blockIdx.x * blockDim.x + threadIdx.x, blockIdx.y * blockDim.y + threadIdx.y, blockIdx.z * blockDim.z + threadIdx.z",
	"thread_position_in_threadgroup": "threadIdx.x, threadIdx.y, threadIdx.z",
	"threadgroup_position_in_grid":   "blockIdx.x, blockIdx.y, blockIdx.z",
	"threads_per_threadgroup":        "blockDim.x, blockDim.y, blockDim.z",
	"threadgroups_per_grid":          "gridDim.x, gridDim.y, gridDim.z",
	"thread_index_in_threadgroup":    "cu_index(), 0, 0",
	"thread_index_in_simdgroup":      "cu_index() % 32, 0, 0",
	"simdgroup_index_in_threadgroup": "cu_index() / 32, 0, 0",
	"simdgroups_per_threadgroup":     "(cu_threads() + 31) / 32, 0, 0",
	"threads_per_simdgroup":          "32, 0, 0",
}

// entry collects the parameters of a kernel.
type entry struct {
	name   string
	sig    *signature
	bounds string
	plain  []string // the kernel's own parameters
	takes  []string // the entry point's
	gives  []string // what it calls the kernel with
}

func (e *entry) add(p string) error {
	decl, attribute, ok := strings.Cut(p, "[[")
	attribute, _, closed := strings.Cut(attribute, "]]")
	if !ok || !closed {
		return fmt.Errorf("the argument %q has no attribute", strings.TrimSpace(p))
	}
	decl, attribute = strings.TrimSpace(decl), strings.TrimSpace(attribute)
	e.plain = append(e.plain, decl)
	end := strings.LastIndexAny(decl, " *&>") + 1
	typ := strings.TrimSpace(decl[:end])
	kind, index := attribute, 0
	if what, n, ok := strings.Cut(attribute, "("); ok {
		var err error
		if index, err = strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(n, ")"))); err != nil || index < 0 || index >= len(e.sig.params) {
			return fmt.Errorf("the attribute %q", attribute)
		}
		kind = what
	}
	switch kind {
	case "buffer":
		e.sig.order = append(e.sig.order, index)
		if ref, ok := strings.CutSuffix(typ, "&"); ok {
			e.sig.params[index] = value
			e.takes = append(e.takes, fmt.Sprintf("const __grid_constant__ %s cu_%d", withoutConst(ref), index))
		} else {
			e.sig.params[index] = pointer
			e.takes = append(e.takes, fmt.Sprintf("%s cu_%d", typ, index))
		}
		e.gives = append(e.gives, fmt.Sprintf("cu_%d", index))
	case "threadgroup":
		at := "0"
		if k := len(e.sig.shared); k > 0 {
			at = fmt.Sprintf("cu_shared_%d", k)
		}
		e.sig.shared = append(e.sig.shared, index)
		e.gives = append(e.gives, fmt.Sprintf("(%s)(cu_shared + %s)", typ, at))
	default:
		where, ok := positions[kind]
		if !ok {
			return fmt.Errorf("the attribute %s is not known", kind)
		}
		e.gives = append(e.gives, fmt.Sprintf("cu_as<%s>::from(%s)", typ, where))
	}
	return nil
}

// withoutConst is the type of a constant reference's own.
func withoutConst(typ string) string {
	var words []string
	for _, w := range strings.Fields(typ) {
		if w != "const" && w != "constant" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

func (e *entry) text() string {
	takes := e.takes
	for k := 1; k < len(e.sig.shared); k++ {
		takes = append(takes, fmt.Sprintf("uint cu_shared_%d", k))
	}
	shared := ""
	if len(e.sig.shared) > 0 {
		shared = "  extern __shared__ __align__(1024) unsigned char cu_shared[];\n"
	}
	return fmt.Sprintf("extern \"C\" __global__ void %s%s(%s) {\n%s  %s(%s);\n}\n",
		e.bounds, entryName(e.name), strings.Join(takes, ", "), shared, e.name, strings.Join(e.gives, ", "))
}
