package stdlib

import (
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// nextRow is the method __next__ of csv.reader. A line without quotes, of a reader whose
// attribute _plain says that nothing else matters, is divided here; any other is for the
// method _row.
var nextRow = native.NewMethod("__next__()", "The next row.", func(self *object.Instance, c *call) (starlark.Value, error) {
	attr := func(name string) starlark.Value {
		v, _ := self.Attrs().Get(name)
		return v
	}
	lines := attr("_lines")
	if lines == nil {
		return nil, object.Errorf(object.TypeError, "the reader was not initialized")
	}
	v, ok, err := object.Next(c.Thread, lines)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, object.NewException(object.StopIteration)
	}
	line, text := v.(starlark.String)
	plain, _ := attr("_plain").(starlark.Tuple)
	if !text || len(plain) != 2 {
		return object.CallMethod(c.Thread, "_row", starlark.Tuple{self, nil, v}, nil)
	}
	delimiter, _ := starlark.AsString(plain[0])
	quote, _ := starlark.AsString(plain[1])
	if delimiter == "" || quote != "" && strings.Contains(string(line), quote) {
		return object.CallMethod(c.Thread, "_row", starlark.Tuple{self, nil, v}, nil)
	}
	if n, ok := attr("line_num").(starlark.Int); ok {
		self.Attrs().Set("line_num", n.Add(starlark.MakeInt(1)))
	}
	s := strings.TrimRight(string(line), "\r\n")
	if s == "" {
		return list(nil), nil
	}
	n := strings.Count(s, delimiter) + 1
	if err := object.Steps(c.Thread, n/8); err != nil {
		return nil, err
	}
	if err := object.GrowTimes(c.Thread, n, 32); err != nil {
		return nil, err
	}
	fields := make([]starlark.Value, 0, n)
	for more := true; more; {
		var field string
		field, s, more = strings.Cut(s, delimiter)
		fields = append(fields, starlark.String(field))
	}
	return list(fields), nil
})

func makeCSV(*Modules) *native.Module {
	mod := native.NewModule("_csv", "Parts of csv.")
	mod.Members["next_row"] = nextRow
	return mod
}
