package gpu

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar/engine"
)

//go:embed kernels/*.metal
var kernelFiles embed.FS

// typeNames are the element types in Metal's language. There is no float64.
var typeNames = map[engine.Dtype]string{
	engine.Bool: "bool", engine.Uint8: "uchar", engine.Uint16: "ushort", engine.Uint32: "uint", engine.Uint64: "ulong",
	engine.Int8: "char", engine.Int16: "short", engine.Int32: "int", engine.Int64: "long",
	engine.Float16: "half", engine.BFloat16: "bf16", engine.Float32: "float", engine.Complex64: "float2",
}

// wordNames are types by element size, for kernels that only move elements.
var wordNames = map[int]string{1: "uchar", 2: "ushort", 4: "uint", 8: "ulong", 16: "uint4"}

// library names a piece of source: a family of kernels for some element types,
// or a format of codes for one of them.
// Kernels that are used together are compiled together.
type library struct {
	family  string
	in, out string
}

// variant divides a family's name from what one library of it is for, where not all of
// its kernels are compiled together: one operation, or one mode of updates.
func (l library) variant() (family, of string) {
	family, of, _ = strings.Cut(l.family, " ")
	return family, of
}

type kernelName struct {
	library
	function string
}

type pipeline struct {
	state      Pipeline
	maxThreads int
}

// generators write the source of a family's kernels for the types of a library.
var generators = map[string]func(l library) string{}

// pipeline finds a kernel, compiling its library at first use. The lock of the
// backend must not be held.
func (b *Backend) pipeline(k kernelName) (pipeline, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, ok := b.pipelines[k]; ok {
		return p, nil
	}
	if b.closed {
		return pipeline{}, errClosed
	}
	l, ok := b.libraries[k.library]
	if !ok {
		var err error
		if l, err = b.driver.Compile(sourceOf(k.library), k.mathMode()); err != nil {
			return pipeline{}, b.failure(k.library, err)
		}
		b.libraries[k.library] = l
	}
	state, threads, err := b.driver.NewPipeline(l, k.function)
	if err != nil {
		return pipeline{}, fmt.Errorf("%s: %w", b.driver.Name(), err)
	}
	p := pipeline{state, threads}
	b.pipelines[k] = p
	return p, nil
}

// mathMode is how exact the arithmetic of the kernels is: a script says so of its own.
func (l library) mathMode() MathMode {
	if l.family != "custom" {
		return MathSafe
	}
	return scriptModes[l.out]
}

// failure names the kernels that do not compile; a script's own are told by their text.
func (b *Backend) failure(l library, err error) error {
	if l.family == "custom" {
		return err
	}
	return fmt.Errorf("%s: kernels %s of %s to %s: %w", b.driver.Name(), l.family, l.in, l.out, err)
}

// sharedFiles are the files that go before a family's generated source, where
// that is not the one of its name.
var sharedFiles = map[string][]string{
	"move": {"places", "move"}, "take": {"places"}, "update": {}, "scatter": {"places", "scatter"}, "slices": {"places", "slices"},
	"softmax": {"lanes", "softmax"}, "norm": {"lanes", "norm"}, "fold": {"lanes", "fold"}, "scan": {"lanes", "scan"},
}

// sourceOf is the whole text of a library.
func sourceOf(l library) string {
	family, _ := l.variant()
	files, ok := sharedFiles[family]
	if !ok {
		files = []string{family}
	}
	if family != "custom" { // a script's names must not meet the project's
		files = append([]string{"prelude"}, files...)
	}
	text := filesOf(files...) + generators[family](l)
	if slices.Contains(narrowFamilies, family) && (l.in == "half" || l.in == "bf16") {
		text = Narrow + text
	}
	return text
}

// Narrow begins the text of libraries whose matrices hold numbers of 16 bits, or what
// becomes such: factors of 11 significant bits do for their products.
const Narrow = "#define NARROW 1\n"

var narrowFamilies = []string{"attention", "conv", "matmul", "quantized"}

// filesOf is the text of those of the kernel files that there are.
func filesOf(names ...string) string {
	var s strings.Builder
	for _, name := range names {
		data, err := kernelFiles.ReadFile("kernels/" + name + ".metal")
		if err == nil {
			s.Write(data)
		}
	}
	return s.String()
}

// fill puts values in the place of $names in a piece of source.
func fill(text string, values ...string) string { return strings.NewReplacer(values...).Replace(text) }
