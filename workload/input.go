package workload

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npy"
	"github.com/mlxstar/mlxstar/formats/npz"
	"github.com/mlxstar/mlxstar/formats/safetensors"
)

// sources lists the keys that say where an input comes from.
func (in *Input) sources() []string {
	var out []string
	for _, s := range []struct{ key, value string }{
		{"env", in.Env}, {"text", in.Text}, {"json", in.JSON}, {"jsonl", in.JSONL}, {"csv", in.CSV}, {"npy", in.NPY},
		{"npz", in.NPZ}, {"safetensors", in.Safetensors}, {"stdin", in.Stdin}, {"from", in.From},
	} {
		if s.value != "" {
			out = append(out, s.key)
		}
	}
	if in.Value != nil {
		out = append(out, "value")
	}
	return out
}

// file gives the format and the path of an input that is read from files; "" is none.
func (in *Input) file() (format, path string) {
	for _, s := range []struct{ key, value string }{
		{"text", in.Text}, {"json", in.JSON}, {"jsonl", in.JSONL}, {"csv", in.CSV}, {"npy", in.NPY}, {"npz", in.NPZ}, {"safetensors", in.Safetensors},
	} {
		if s.value != "" {
			return s.key, s.value
		}
	}
	return "", ""
}

// readers read the formats of inputs.
var readers = map[string]func(data []byte) (any, error){
	"text":        func(data []byte) (any, error) { return string(data), nil },
	"json":        readJSON,
	"jsonl":       readJSONL,
	"csv":         readCSV,
	"npy":         readNPY,
	"npz":         readNPZ,
	"safetensors": readSafetensors,
}

// ReadBody reads a value from bytes in one of the formats of inputs: text, json, jsonl,
// csv, npy, npz or safetensors.
func ReadBody(format string, data []byte) (any, error) {
	read := readers[format]
	if read == nil {
		return nil, fmt.Errorf("no format %q", format)
	}
	return read(data)
}

// pattern tells whether a path stands for several files.
func pattern(path string) bool { return strings.ContainsAny(path, "*?[") }

// files lists what a path stands for.
func (c *Config) files(path string) ([]string, error) {
	if !pattern(path) {
		return []string{c.path(path)}, nil
	}
	found, err := filepath.Glob(c.path(path))
	natural(found)
	return found, err
}

// read gives an input's value. File is the one of many that the run is for, or "".
func (r *Runner) read(in *Input, file string) (any, error) {
	format, path := in.file()
	switch {
	case in.Env != "":
		if v, ok := os.LookupEnv(in.Env); ok {
			return v, nil
		}
		if in.Default != nil {
			return *in.Default, nil
		}
		return nil, fmt.Errorf("the environment has no variable %s", in.Env)
	case in.Stdin != "":
		data, err := r.stdin()
		if err != nil {
			return nil, err
		}
		return readers[in.Stdin](data)
	case format == "":
		return in.Value, nil
	case file != "":
		return readFile(format, file)
	case pattern(path):
		found, err := r.config.files(path)
		if err != nil {
			return nil, err
		}
		out := make([]any, len(found))
		for i, f := range found {
			if out[i], err = readFile(format, f); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	v, err := readFile(format, r.config.path(path))
	if errors.Is(err, fs.ErrNotExist) && in.Default != nil {
		return *in.Default, nil
	}
	return v, err
}

func readFile(format, path string) (any, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	v, err := readers[format](data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

func readJSON(data []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the value")
	}
	return numbers(v), nil
}

// numbers makes the numbers of a JSON value those that Python's json makes.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}

func readJSONL(data []byte) (any, error) {
	out := []any{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		v, err := readJSON(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, v)
	}
	return out, lines.Err()
}

// readCSV reads columns. Those of whole numbers become arrays of int32, or int64 where they
// do not fit; those of other numbers arrays of float32.
func readCSV(data []byte) (any, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	if len(rows) == 0 {
		return out, nil
	}
	for i, name := range rows[0] {
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("the column %q occurs twice", name)
		}
		cells := make([]string, len(rows)-1)
		for j, row := range rows[1:] {
			cells[j] = strings.TrimSpace(row[i])
		}
		out[name] = column(cells)
	}
	return out, nil
}

func column(cells []string) any {
	whole, wide := make([]int64, len(cells)), false
	for i, s := range cells {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			whole = nil
			break
		}
		whole[i] = n
		wide = wide || n < math.MinInt32 || n > math.MaxInt32
	}
	if whole != nil && wide {
		return whole
	}
	if whole != nil {
		narrow := make([]int32, len(whole))
		for i, n := range whole {
			narrow[i] = int32(n)
		}
		return narrow
	}
	floats := make([]float32, len(cells))
	for i, s := range cells {
		f, err := strconv.ParseFloat(s, 32)
		if err != nil {
			return append([]string{}, cells...)
		}
		floats[i] = float32(f)
	}
	return floats
}

func readNPY(data []byte) (any, error) {
	l, err := npy.ReadAll(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return tensor(l), nil
}

func readNPZ(data []byte) (any, error) {
	all, err := npz.ReadAll(bytes.NewReader(data), int64(len(data)))
	return tensors(all), err
}

func readSafetensors(data []byte) (any, error) {
	all, _, err := safetensors.ReadAll(bytes.NewReader(data))
	return tensors(all), err
}

func tensors(all []formats.Loaded) map[string]any {
	out := make(map[string]any, len(all))
	for _, l := range all {
		out[l.Name] = tensor(l)
	}
	return out
}
