package mlxstar

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect"
	"github.com/mlxstar/mlxstar/dialect/object"
)

// Warn issues a warning by Python's module of that name, whose filters scripts
// set: filterwarnings("ignore", category=RuntimeWarning) silences it.
func (rt *Runtime) Warn(thread *starlark.Thread, message string) error {
	warnings, err := rt.std.Import(thread, "warnings")
	if err != nil {
		return err
	}
	warn, err := object.GetAttr(thread, warnings, "warn_explicit")
	if err != nil {
		return err
	}
	file, line := dialect.Site(thread)
	_, err = object.Call(thread, warn, starlark.Tuple{
		starlark.String(message), object.RuntimeWarning, starlark.String(file), starlark.MakeInt(line),
	}, nil)
	return err
}
