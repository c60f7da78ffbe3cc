package workload

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/safetensors"
)

// Results that other jobs need are kept as JSON, in which what JSON has not is a table of one
// key: {"$array": 0} is an array of the file beside it, {"$bytes": ...} and {"$list": ...}
// escape the rest.

func replaceFile(path string, data []byte) error {
	return formats.WriteFile(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

func writeTensors(w io.Writer, all []formats.Array) error { return safetensors.Write(w, all, nil) }

// unpack takes the arrays out of a value.
func unpack(v any, arrays *[]formats.Array) any {
	switch v := v.(type) {
	case mlxstar.Tensor:
		*arrays = append(*arrays, array(strconv.Itoa(len(*arrays)), v))
		return map[string]any{"$array": len(*arrays) - 1}
	case []byte:
		return map[string]any{"$bytes": base64.StdEncoding.EncodeToString(v)}
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = unpack(x, arrays)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = unpack(x, arrays)
		}
		if len(out) == 1 {
			return map[string]any{"$dict": out} // which is no escape
		}
		return out
	case float64:
		return map[string]any{"$float": strconv.FormatFloat(v, 'g', -1, 64)}
	}
	return v
}

func readStored(path string) (any, error) {
	text, err := os.ReadFile(path + ".json")
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path + ".safetensors")
	if err != nil {
		return nil, err
	}
	all, _, err := safetensors.ReadAll(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	named := tensors(all)
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return pack(v, named)
}

// pack is the other way of unpack.
func pack(v any, arrays map[string]any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return numbers(v), nil
	case []any:
		for i, x := range v {
			var err error
			if v[i], err = pack(x, arrays); err != nil {
				return nil, err
			}
		}
		return v, nil
	case map[string]any:
		if len(v) == 1 {
			for k, x := range v {
				return packEscape(k, x, arrays)
			}
		}
		for k, x := range v {
			var err error
			if v[k], err = pack(x, arrays); err != nil {
				return nil, err
			}
		}
		return v, nil
	}
	return v, nil
}

func packEscape(key string, x any, arrays map[string]any) (any, error) {
	switch key {
	case "$array":
		t, ok := arrays[fmt.Sprint(x)]
		if !ok {
			return nil, fmt.Errorf("no array %v", x)
		}
		return t, nil
	case "$bytes":
		s, _ := x.(string)
		return base64.StdEncoding.DecodeString(s)
	case "$float":
		s, _ := x.(string)
		return strconv.ParseFloat(s, 64)
	case "$dict":
		inner, _ := x.(map[string]any)
		out := make(map[string]any, len(inner))
		for k, y := range inner {
			var err error
			if out[k], err = pack(y, arrays); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("no escape %q", key)
}
