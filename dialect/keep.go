package dialect

import (
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

var (
	_ object.HasState = (*Module)(nil)
	_ object.HasState = (*cell)(nil)
	_ object.HasState = (*box)(nil)
	_ object.HasState = (*run)(nil)
)

// KeepState keeps the module's variables.
func (m *Module) KeepState(k *object.Keeper) {
	name, file, builtins := m.name, m.file, m.builtins
	k.Undo(func() { m.name, m.file, m.builtins = name, file, builtins })
	if d := m.dict; d != nil {
		k.Undo(func() {
			for _, c := range m.order {
				c.drop()
			}
			m.dict = d
		})
		k.Follow(nil, d)
		return
	}
	cells := slices.Clone(m.order)
	values := make([]starlark.Value, len(cells))
	for i, c := range cells {
		values[i] = c.read(content)
		k.FollowNamed(c.name, values[i])
	}
	k.Undo(func() {
		m.dict = nil
		for i, c := range m.order { // those that came later are at its end
			if i < len(values) && values[i] != nil {
				c.set(values[i])
			} else {
				c.drop()
			}
		}
	})
}

// KeepState leads to the module, which has the variable.
func (c *cell) KeepState(k *object.Keeper) { k.Follow(nil, c.module) }

// KeepState keeps the variable.
func (b *box) KeepState(k *object.Keeper) {
	v := b.read(content)
	k.Undo(func() {
		if v == nil {
			b.drop()
			return
		}
		b.set(v)
	})
	k.FollowNamed(b.name, v)
}

// KeepState leads to the module that the chunk ran in.
func (r *run) KeepState(k *object.Keeper) { k.Follow(nil, r.module) }
