package builtins

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// RandomState is mx.random.state: a read-only sequence of the global
// generator's key, which a compiled function may name as an input and an output.
type RandomState struct{ m *Module }

var (
	_ starlark.Sequence = (*RandomState)(nil)
	_ object.HasItems   = (*RandomState)(nil)
	_ object.HasStr     = (*RandomState)(nil)
)

func (s *RandomState) String() string        { return "<mlx.core.random._RandomState object>" }
func (s *RandomState) Type() string          { return "_RandomState" }
func (s *RandomState) Freeze()               {}
func (s *RandomState) Truth() starlark.Bool  { return true }
func (s *RandomState) Hash() (uint32, error) { return starlark.String(s.Type()).Hash() }

// Str is the default rendering: the key is read by indexing.
func (s *RandomState) Str(*starlark.Thread) (string, error) { return s.String(), nil }

// Repr is Str.
func (s *RandomState) Repr(thread *starlark.Thread) (string, error) { return s.Str(thread) }

// Len is 1.
func (s *RandomState) Len() int { return 1 }

func (s *RandomState) key() starlark.Value { return s.m.wrap(s.m.Engine.RandomState()) }

// Iterate gives the key.
func (s *RandomState) Iterate() starlark.Iterator { return starlark.Tuple{s.key()}.Iterate() }

// GetItem gives the key at 0 or -1.
func (s *RandomState) GetItem(_ *starlark.Thread, index starlark.Value) (starlark.Value, error) {
	n, ok := indexOf(index)
	if !ok {
		return nil, object.Errorf(object.TypeError, "random state indices must be integers, not %s", object.TypeName(index))
	}
	if n != 0 && n != -1 {
		return nil, object.Errorf(object.IndexError, "random state index out of range")
	}
	return s.key(), nil
}
