package builtins

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/engine/dtype"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/safetensors"
)

// A file of exported functions is a .safetensors file: its tensors are the
// constants, and its metadata holds the programs as JSON. docs/functions.md
// describes it.

// functionKey is the key of the programs in the metadata.
const functionKey = "mlxstar.functions"

// functionVersion is the version of the form.
const functionVersion = 1

// functionFile is the JSON of a file.
type functionFile struct {
	Version   int            `json:"version"`
	Metadata  string         `json:"metadata"`
	Constants []arrayForm    `json:"constants"`
	Functions []functionForm `json:"functions"`
}

// arrayForm is a dtype and a shape.
type arrayForm struct {
	Dtype string `json:"dtype"`
	Shape []int  `json:"shape"`
}

// functionForm is the JSON of one program.
type functionForm struct {
	Inputs    []arrayForm `json:"inputs"`   // the positional ones, then those by keyword
	Keywords  []string    `json:"keywords"` // of the last inputs
	Shapeless bool        `json:"shapeless"`
	Constants []int       `json:"constants"` // of the file's
	Steps     []stepForm  `json:"steps"`
	Outputs   []int       `json:"outputs"`
}

// stepForm is the JSON of a step.
type stepForm struct {
	Op      string         `json:"op"`
	Args    []any          `json:"args,omitempty"`
	Kwargs  map[string]any `json:"kwargs,omitempty"`
	Outputs int            `json:"outputs"`
}

// exported is one trace of an exported function.
type exported struct {
	program   *program
	inputs    []arrayForm
	keywords  []string
	shapeless bool
}

// The bounds of what a file may ask for before it is performed.
const (
	mostSteps  = 1 << 20
	mostArrays = 1 << 24
	deepCode   = 64
)

// encodeValue is a step's argument as JSON.
func encodeValue(v starlark.Value) any {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil
	case starlark.Bool:
		return bool(v)
	case starlark.Int:
		return json.Number(v.String())
	case starlark.String:
		return string(v)
	case starlark.Float:
		return map[string]any{"float": formatFloat(float64(v))}
	case object.Complex:
		return map[string]any{"complex": []string{formatFloat(real(v)), formatFloat(imag(v))}}
	case starlark.Bytes:
		return map[string]any{"bytes": base64.StdEncoding.EncodeToString([]byte(v))}
	case Dtype:
		return map[string]any{"dtype": v.d.String()}
	case ref:
		return map[string]any{"array": int(v)}
	case atCode:
		return map[string]any{"updates": []any{int(v.a), encodeValue(v.key)}}
	case *object.Slice:
		return map[string]any{"slice": []any{encodeValue(orNone(v.Start)), encodeValue(orNone(v.Stop)), encodeValue(orNone(v.Step))}}
	case starlark.Tuple:
		return map[string]any{"tuple": encodeAll(v)}
	case *starlark.List:
		items, _ := sequence(v)
		return encodeAll(items)
	case *starlark.Dict:
		pairs := []any{}
		for _, kv := range v.Items() {
			pairs = append(pairs, []any{encodeValue(kv[0]), encodeValue(kv[1])})
		}
		return map[string]any{"dict": pairs}
	}
	return map[string]any{"ellipsis": true} // the only other value that a recording lets through
}

func encodeAll(vs []starlark.Value) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = encodeValue(v)
	}
	return out
}

// formatFloat writes a float exactly.
func formatFloat(f float64) string { return strconv.FormatFloat(f, 'x', -1, 64) }

// codeReader reads step arguments from JSON.
type codeReader struct{ m *Module }

func malformedFile(format string, args ...any) error {
	return object.Errorf(object.RuntimeError, "import_function: malformed file: "+format, args...)
}

func (r codeReader) value(v any, depth int) (starlark.Value, error) {
	if depth > deepCode {
		return nil, malformedFile("values are nested deeper than %d", deepCode)
	}
	switch v := v.(type) {
	case nil:
		return starlark.None, nil
	case bool:
		return starlark.Bool(v), nil
	case json.Number:
		n, ok := new(big.Int).SetString(v.String(), 10)
		if !ok || n.BitLen() > 64 {
			return nil, malformedFile("the number %s is no integer of 64 bits", formats.Quote(v.String()))
		}
		return starlark.MakeBigInt(n), nil
	case string:
		return starlark.String(v), nil
	case []any:
		items, err := r.all(v, depth)
		return starlark.NewList(items), err
	case map[string]any:
		if len(v) == 1 {
			for kind, x := range v {
				return r.tagged(kind, x, depth)
			}
		}
	}
	return nil, malformedFile("an argument is none of the values there are")
}

func (r codeReader) all(vs []any, depth int) ([]starlark.Value, error) {
	out := make([]starlark.Value, len(vs))
	for i, v := range vs {
		var err error
		if out[i], err = r.value(v, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tagged reads a value that JSON has no form for.
func (r codeReader) tagged(kind string, x any, depth int) (starlark.Value, error) {
	text, _ := x.(string)
	items, isList := x.([]any)
	switch {
	case kind == "float":
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, malformedFile("%s is no float", formats.Quote(text))
		}
		return starlark.Float(f), nil
	case kind == "complex" && len(items) == 2:
		re, err := r.tagged("float", items[0], depth)
		if err != nil {
			return nil, err
		}
		im, err := r.tagged("float", items[1], depth)
		if err != nil {
			return nil, err
		}
		return object.Complex(complex(float64(re.(starlark.Float)), float64(im.(starlark.Float)))), nil
	case kind == "bytes":
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, malformedFile("bytes are not in base64")
		}
		return starlark.Bytes(b), nil
	case kind == "dtype":
		d, err := dtypeForm(text)
		return Dtype{d, r.m}, err
	case kind == "array":
		k, err := smallInt(x)
		return ref(k), err
	case kind == "ellipsis":
		return object.Ellipsis, nil
	case !isList:
	case kind == "updates" && len(items) == 2:
		k, err := smallInt(items[0])
		if err != nil {
			return nil, err
		}
		key, err := r.value(items[1], depth+1)
		return atCode{ref(k), key}, err
	case kind == "slice" && len(items) == 3:
		parts, err := r.all(items, depth)
		if err != nil {
			return nil, err
		}
		return object.NewSlice(parts[0], parts[1], parts[2]), nil
	case kind == "tuple":
		parts, err := r.all(items, depth)
		return starlark.Tuple(parts), err
	case kind == "dict":
		return r.dict(items, depth)
	}
	return nil, malformedFile("a value of the kind %s", formats.Quote(kind))
}

func (r codeReader) dict(items []any, depth int) (starlark.Value, error) {
	d := starlark.NewDict(len(items))
	for _, item := range items {
		pair, ok := item.([]any)
		if !ok || len(pair) != 2 {
			return nil, malformedFile("a dict has an entry that is no pair")
		}
		kv, err := r.all(pair, depth)
		if err != nil {
			return nil, err
		}
		if err := d.SetKey(kv[0], kv[1]); err != nil {
			return nil, malformedFile("a dict has a key that cannot be one")
		}
	}
	return d, nil
}

func smallInt(x any) (int, error) {
	if n, ok := x.(json.Number); ok {
		if k, err := n.Int64(); err == nil && k == int64(int32(k)) {
			return int(k), nil
		}
	}
	return 0, malformedFile("an array's number is no small integer")
}

func dtypeForm(name string) (engine.Dtype, error) {
	for _, d := range dtype.All() {
		if d.String() == name {
			return d, nil
		}
	}
	return 0, malformedFile("there is no dtype %s", formats.Quote(name))
}

// write writes functions with their constants.
func (c *Call) writeFunctions(path string, functions []*exported, metadata string) {
	file := functionFile{Version: functionVersion, Metadata: metadata, Constants: []arrayForm{}, Functions: []functionForm{}}
	at := map[*engine.Node]int{}
	var nodes []*engine.Node
	for _, f := range functions {
		form := functionForm{Inputs: f.inputs, Keywords: f.keywords, Shapeless: f.shapeless, Constants: []int{}, Steps: []stepForm{}, Outputs: []int{}}
		for _, n := range f.program.constants {
			if _, ok := at[n]; !ok {
				at[n] = len(nodes)
				nodes = append(nodes, n)
				file.Constants = append(file.Constants, arrayForm{n.Dtype().String(), append([]int{}, n.Shape()...)})
			}
			form.Constants = append(form.Constants, at[n])
		}
		for _, s := range f.program.steps {
			form.Steps = append(form.Steps, s.form())
		}
		for _, o := range f.program.outputs {
			form.Outputs = append(form.Outputs, int(o))
		}
		file.Functions = append(file.Functions, form)
	}
	arrays := c.sharedConstants(&file, c.constantTensors(nodes))
	text, err := json.Marshal(file)
	c.check(err)
	c.fileFailed(c.files().Write(path, func(w io.Writer) error {
		return safetensors.Write(w, arrays, map[string]string{functionKey: string(text)})
	}), object.RuntimeError)
}

// sharedConstants keeps one of the constants that hold the same elements, to which it
// points those that used the others.
func (c *Call) sharedConstants(file *functionFile, arrays []formats.Array) []formats.Array {
	type content struct {
		form string
		sum  [sha256.Size]byte
	}
	first, to := map[content]int{}, make([]int, len(arrays))
	var kept []formats.Array
	var forms []arrayForm
	for i, a := range arrays {
		h := sha256.New()
		_, err := a.Data.WriteTo(h)
		c.check(err)
		key := content{form: fmt.Sprint(file.Constants[i])}
		h.Sum(key.sum[:0])
		k, there := first[key]
		if !there {
			k = len(kept)
			first[key] = k
			a.Name = strconv.Itoa(k)
			kept, forms = append(kept, a), append(forms, file.Constants[i])
		}
		to[i] = k
	}
	for _, f := range file.Functions {
		for i, k := range f.Constants {
			f.Constants[i] = to[k]
		}
	}
	if forms != nil {
		file.Constants = forms
	}
	return kept
}

func (s *step) form() stepForm {
	f := stepForm{Op: s.op, Args: encodeAll(s.args), Outputs: s.outs}
	for _, kv := range s.kwargs {
		if f.Kwargs == nil {
			f.Kwargs = map[string]any{}
		}
		f.Kwargs[string(kv[0].(starlark.String))] = encodeValue(kv[1])
	}
	return f
}

// constantTensors evaluates constants for a file. The format has no float64:
// its bits are kept as uint64.
func (c *Call) constantTensors(nodes []*engine.Node) []formats.Array {
	ctx := c.m.host.Context()
	c.check(c.m.Engine.Eval(ctx, nodes...))
	out := make([]formats.Array, len(nodes))
	for i, n := range nodes {
		data, err := c.m.Engine.Dense(ctx, n)
		c.check(err)
		out[i] = formats.Array{
			Spec: formats.Spec{Name: strconv.Itoa(i), Dtype: constantDtype(n.Dtype()), Shape: n.Shape()},
			Data: formats.Bytes(data),
		}
	}
	return out
}

func constantDtype(d engine.Dtype) engine.Dtype {
	if d == engine.Float64 {
		d = engine.Uint64
	}
	return d
}

// readFunctions reads a file of exported functions. Constants are read when
// they are needed.
func (c *Call) readFunctions(path string) (functions []*exported, metadata string) {
	src, err := c.files().Open(path)
	c.fileFailed(err, object.RuntimeError)
	kept := false
	defer func() {
		if !kept {
			src.Close()
		}
	}()
	f, err := safetensors.Read(src, src.Size())
	c.fileFailed(err, object.RuntimeError)
	text, ok := f.Metadata[functionKey]
	if !ok {
		c.fail(object.RuntimeError, "import_function: %s holds no exported functions", path)
	}
	file, err := parseFunctionFile(text)
	c.check(err)
	tensors := map[string]formats.Tensor{}
	for _, t := range f.Tensors {
		tensors[t.Name] = t
	}
	from := &origin{c.files(), path, "safetensors", src, false}
	constants := make([]*engine.Node, len(file.Constants))
	for i, form := range file.Constants {
		d, err := dtypeForm(form.Dtype)
		c.check(err)
		t, ok := tensors[strconv.Itoa(i)]
		if !ok || t.Dtype != constantDtype(d) || !slices.Equal(t.Shape, form.Shape) {
			c.check(malformedFile("constant %d is not what it should be", i))
		}
		constants[i] = c.b.Bitcast(c.b.Load(&elements{from, inPlace(from.format, t)}, t.Dtype, append([]int{}, t.Shape...)), d)
	}
	kept = true
	for i := range file.Functions {
		e, err := c.m.decodeFunction(&file.Functions[i], constants)
		c.check(err)
		functions = append(functions, e)
	}
	return functions, file.Metadata
}

func parseFunctionFile(text string) (*functionFile, error) {
	file := &functionFile{}
	d := json.NewDecoder(newTextReader(text))
	d.UseNumber()
	if err := d.Decode(file); err != nil {
		return nil, malformedFile("%s", err)
	}
	if file.Version != functionVersion {
		return nil, object.Errorf(object.RuntimeError, "import_function: the file is of version %d, want %d", file.Version, functionVersion)
	}
	return file, nil
}

// decodeFunction makes a program of its form and checks that every array that
// it names is there.
func (m *Module) decodeFunction(form *functionForm, constants []*engine.Node) (*exported, error) {
	e := &exported{program: &program{}, inputs: form.Inputs, keywords: form.Keywords, shapeless: form.Shapeless}
	if len(form.Keywords) > len(form.Inputs) || len(form.Steps) > mostSteps || len(form.Inputs) > mostArrays {
		return nil, malformedFile("%d inputs, %d keywords and %d steps", len(form.Inputs), len(form.Keywords), len(form.Steps))
	}
	for _, in := range form.Inputs {
		if _, err := dtypeForm(in.Dtype); err != nil {
			return nil, err
		}
		if _, ok := formats.Product(in.Shape, 16); !ok {
			return nil, malformedFile("an input of shape %s", formats.ShapeString(in.Shape))
		}
	}
	for _, k := range form.Constants {
		if k < 0 || k >= len(constants) {
			return nil, malformedFile("there is no constant %d", k)
		}
		e.program.constants = append(e.program.constants, constants[k])
		e.program.held = append(e.program.held, m.wrap(constants[k]))
	}
	e.program.inputs = make([]*engine.Node, len(form.Inputs))
	count := len(form.Inputs)
	check := func(k ref) error {
		if int(k) >= count || int(-k) > len(form.Constants) {
			return malformedFile("array %d is named before it is there", int(k))
		}
		return nil
	}
	for i := range form.Steps {
		s, err := m.decodeStep(&form.Steps[i])
		if err != nil {
			return nil, err
		}
		s.each(func(k ref) {
			if bad := check(k); err == nil {
				err = bad
			}
		})
		if count += s.outs; err == nil && count > mostArrays {
			err = malformedFile("more than %d arrays", mostArrays)
		}
		if err != nil {
			return nil, err
		}
		e.program.steps = append(e.program.steps, *s)
	}
	for _, o := range form.Outputs {
		if err := check(ref(o)); err != nil {
			return nil, err
		}
		e.program.outputs = append(e.program.outputs, ref(o))
	}
	return e, nil
}

func (m *Module) decodeStep(form *stepForm) (*step, error) {
	if _, ok := performers[form.Op]; !ok && m.pure[form.Op] == nil {
		return nil, malformedFile("there is no function %s", formats.Quote(form.Op))
	}
	if form.Outputs < 0 || form.Outputs > mostArrays {
		return nil, malformedFile("%s gives %d arrays", form.Op, form.Outputs)
	}
	r := codeReader{m}
	args, err := r.all(form.Args, 0)
	if err != nil {
		return nil, err
	}
	s := &step{op: form.Op, args: args, outs: form.Outputs}
	for _, k := range sortedKeys(form.Kwargs) {
		v, err := r.value(form.Kwargs[k], 1)
		if err != nil {
			return nil, err
		}
		s.kwargs = append(s.kwargs, starlark.Tuple{starlark.String(k), v})
	}
	return s, nil
}

// describe is the form of a function's inputs, for messages.
func (e *exported) describe() string {
	text := ""
	for i, in := range e.inputs {
		if i > 0 {
			text += ", "
		}
		if k := i - (len(e.inputs) - len(e.keywords)); k >= 0 {
			text += e.keywords[k] + "="
		}
		shape := formats.ShapeString(in.Shape)
		if e.shapeless {
			shape = fmt.Sprintf("of %d axes", len(in.Shape))
		}
		text += in.Dtype + " " + shape
	}
	return "(" + text + ")"
}
