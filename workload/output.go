package workload

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npy"
	"github.com/mlxstar/mlxstar/formats/npz"
	"github.com/mlxstar/mlxstar/formats/safetensors"
)

// of is what goes out.
func (o *Output) of() string {
	if o.Of == "" {
		return "result"
	}
	return o.Of
}

func (o *Output) target() (format, path string) {
	for _, s := range []struct{ key, value string }{
		{"json", o.JSON}, {"csv", o.CSV}, {"npy", o.NPY}, {"npz", o.NPZ}, {"safetensors", o.Safetensors}, {"text", o.Text},
	} {
		if s.value != "" {
			return s.key, s.value
		}
	}
	return o.Stdout, ""
}

// targets lists the keys that say where an output goes.
func (o *Output) targets() []string {
	var out []string
	for _, s := range []struct{ key, value string }{
		{"json", o.JSON}, {"csv", o.CSV}, {"npy", o.NPY}, {"npz", o.NPZ}, {"safetensors", o.Safetensors}, {"text", o.Text}, {"stdout", o.Stdout},
	} {
		if s.value != "" {
			out = append(out, s.key)
		}
	}
	return out
}

// file is the path of an output that is a file.
func (o *Output) file() string {
	_, path := o.target()
	return path
}

// writers write the formats of outputs.
var writers = map[string]func(w io.Writer, v any) error{
	"json":        writeJSON,
	"csv":         writeCSV,
	"npy":         writeNPY,
	"npz":         writeNPZ,
	"safetensors": writeSafetensors,
	"text":        writeText,
}

// WriteBody writes a result in one of the formats of outputs: json, csv, npy, npz,
// safetensors or text.
func WriteBody(w io.Writer, format string, v any) error {
	write := writers[format]
	if write == nil {
		return fmt.Errorf("no format %q", format)
	}
	return write(w, v)
}

func writeText(w io.Writer, v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("got %s, want a str", kindOf(v))
	}
	_, err := io.WriteString(w, s)
	return err
}

func writeNPY(w io.Writer, v any) error {
	t, ok := v.(mlxstar.Tensor)
	if !ok {
		return fmt.Errorf("got %s, want an array", kindOf(v))
	}
	return npy.Write(w, array("", t))
}

func writeNPZ(w io.Writer, v any) error {
	all, err := arraysOf(v, "arr_0")
	if err != nil {
		return err
	}
	return npz.Write(w, all, false)
}

func writeSafetensors(w io.Writer, v any) error {
	all, err := arraysOf(v, "data")
	if err != nil {
		return err
	}
	return safetensors.Write(w, all, nil)
}

// writeCSV writes a dict of columns, a list of dicts, or an array of two axes, whose columns
// are called 0, 1 and so on.
func writeCSV(w io.Writer, v any) error {
	out := csv.NewWriter(w)
	var err error
	switch v := v.(type) {
	case map[string]any:
		err = writeColumns(out, v)
	case []any:
		err = writeRows(out, v)
	case mlxstar.Tensor:
		if len(v.Shape) != 2 {
			return fmt.Errorf("got %s, want two axes", kindOf(v))
		}
		head := make([]string, v.Shape[1])
		for i := range head {
			head[i] = strconv.Itoa(i)
		}
		err = out.Write(head)
		for i := range v.Shape[0] {
			row := make([]string, v.Shape[1])
			for j := range row {
				row[j] = cell(element(v, i*v.Shape[1]+j))
			}
			err = errors.Join(err, out.Write(row))
		}
	default:
		return fmt.Errorf("got %s, want a dict of columns, a list of dicts or an array of two axes", kindOf(v))
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case string:
		return v
	}
	return fmt.Sprint(v)
}

// columnOf gives the cells of a column.
func columnOf(v any) ([]any, error) {
	switch v := v.(type) {
	case []any:
		return v, nil
	case mlxstar.Tensor:
		if len(v.Shape) != 1 {
			break
		}
		out := make([]any, v.Shape[0])
		for i := range out {
			out[i] = element(v, i)
		}
		return out, nil
	}
	return nil, fmt.Errorf("is %s, want a list or an array of one axis", kindOf(v))
}

func writeColumns(out *csv.Writer, v map[string]any) error {
	head := sortedKeys(v)
	columns := make([][]any, len(head))
	for i, name := range head {
		var err error
		if columns[i], err = columnOf(v[name]); err != nil {
			return fmt.Errorf("the column %q %w", name, err)
		}
		if len(columns[i]) != len(columns[0]) {
			return fmt.Errorf("the column %q has %d cells, and %q has %d", name, len(columns[i]), head[0], len(columns[0]))
		}
	}
	err := out.Write(head)
	if len(columns) == 0 {
		return err
	}
	for i := range columns[0] {
		row := make([]string, len(head))
		for j := range row {
			row[j] = cell(columns[j][i])
		}
		err = errors.Join(err, out.Write(row))
	}
	return err
}

func writeRows(out *csv.Writer, rows []any) error {
	var head []string
	for i, x := range rows {
		row, ok := x.(map[string]any)
		if !ok {
			return fmt.Errorf("row %d is %s, want a dict", i, kindOf(x))
		}
		if i == 0 {
			head = sortedKeys(row)
			if err := out.Write(head); err != nil {
				return err
			}
		}
		cells := make([]string, len(head))
		for j, name := range head {
			v, ok := row[name]
			if !ok || len(row) != len(head) {
				return fmt.Errorf("row %d has other keys than the first", i)
			}
			cells[j] = cell(v)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

// place fills in what stands in braces in an output's path.
func (r *Runner) place(path string, run *Record) string {
	stem := strings.TrimSuffix(filepath.Base(run.File), filepath.Ext(run.File))
	return r.config.path(strings.NewReplacer("{job}", run.Job, "{run}", run.ID, "{stem}", stem, "{index}", strconv.Itoa(run.Index)).Replace(path))
}

// deliver writes a run's outputs: all are made before the first is written. The paths are
// noted in the record.
func (r *Runner) deliver(j *Job, run *Record, values map[string]any) error {
	type file struct {
		path string
		data []byte
	}
	var files []file
	var console bytes.Buffer
	for _, name := range sortedKeys(j.Outputs) {
		o := j.Outputs[name]
		format, path := o.target()
		v, ok := values[o.of()]
		if !ok {
			return fmt.Errorf("output %s: the script has no variable %q", name, o.of())
		}
		var data bytes.Buffer
		if err := writers[format](&data, v); err != nil {
			return fmt.Errorf("output %s as %s: %w", name, format, err)
		}
		if path == "" {
			console.Write(data.Bytes())
			continue
		}
		files = append(files, file{r.place(path, run), data.Bytes()})
	}
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f.path), 0o777); err != nil {
			return fmt.Errorf("output: %w", err)
		}
		write := func(w io.Writer) error { _, err := w.Write(f.data); return err }
		if err := formats.WriteFile(f.path, write); err != nil {
			return fmt.Errorf("output: %w", err)
		}
		run.Outputs = append(run.Outputs, f.path)
	}
	if console.Len() > 0 {
		r.output.Lock()
		defer r.output.Unlock()
		if _, err := r.results.Write(console.Bytes()); err != nil {
			return fmt.Errorf("output: %w", err)
		}
	}
	return nil
}
