package dialect

import "go.starlark.net/starlark"

// SetFile tells which file the module's source is now: __file__, and where
// relative imports start.
func (m *Module) SetFile(file string) {
	m.file = file
	m.Set("__file__", starlark.String(file))
}
