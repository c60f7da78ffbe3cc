package mlxstar

import (
	"context"
	"iter"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Iterate gives the elements of what a script can iterate over, converted as Get does: a
// generator that Get or Call gave, a list, a dict's keys, an array's rows. Each element is
// a call of its own, so that other calls may come in between. After an error there is no
// element more. A generator that is left before its end stays where it is.
func (rt *Runtime) Iterate(ctx context.Context, v any) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		var it object.Iterator
		_, err := rt.run(ctx, func(thread *starlark.Thread) (starlark.Value, error) {
			x, err := rt.toScript(v)
			if err == nil {
				it, err = object.Iterate(thread, x)
			}
			return starlark.None, err
		})
		if err != nil {
			yield(nil, err)
			return
		}
		defer it.Close()
		for more := true; more; {
			item, err := rt.runWith(ctx, Span{Kind: SpanCall, Name: "next"}, nil, func(thread *starlark.Thread) (item starlark.Value, err error) {
				item, more, err = it.Next(thread)
				if item == nil {
					item = starlark.None
				}
				return item, err
			})
			if err != nil {
				yield(nil, err)
				return
			}
			if more && !yield(rt.fromScript(item), nil) {
				return
			}
		}
	}
}
