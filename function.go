package mlxstar

import (
	"context"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// Function is a function of a script. It is found once and called often, and goes back to
// scripts of the same runtime as the value that it is.
type Function struct {
	rt    *Runtime
	value starlark.Value
	name  string
}

// Function gives a global function or class of the script. It fails where there is no
// variable of the name, and where its value cannot be called.
func (rt *Runtime) Function(name string) (*Function, error) {
	_, release, err := rt.enter(context.Background())
	if err != nil {
		return nil, fmt.Errorf("function %s: %w", name, err)
	}
	defer release()
	v := rt.main.Get(name)
	if v == nil {
		return nil, fmt.Errorf("function %s: the script has no variable of the name", name)
	}
	if _, ok := v.(starlark.Callable); !ok {
		return nil, fmt.Errorf("function %s: got a value of type %s, want one that can be called", name, object.TypeName(v))
	}
	return &Function{rt, v, name}, nil
}

// Name is the function's name.
func (f *Function) Name() string { return f.name }

func (f *Function) String() string { return "<function " + f.name + ">" }

// Call calls the function, as Runtime.Call does. While the script that gave it to a Go
// function waits for that, it must be called on the goroutine of the Go function.
func (f *Function) Call(ctx context.Context, args ...any) (any, error) {
	v, err := f.rt.runWith(ctx, Span{Kind: SpanCall, Name: f.name}, nil, func(thread *starlark.Thread) (starlark.Value, error) {
		in, err := f.rt.arguments(args)
		if err != nil {
			return nil, err
		}
		return object.Call(thread, f.value, in, nil)
	})
	if err != nil {
		return nil, err
	}
	return f.rt.fromScript(v), nil
}

// CallWith calls the function with options of the call's own.
func (f *Function) CallWith(ctx context.Context, o CallOptions) (any, error) {
	return f.rt.callWith(ctx, Span{Kind: SpanCall, Name: f.name}, &o, func(thread *starlark.Thread) (starlark.Value, error) {
		return f.rt.callFunction(thread, f.value, &o)
	})
}

// functionOf makes a handle of a function that a script hands out; nil for other values.
func (rt *Runtime) functionOf(v starlark.Value) *Function {
	fn, ok := v.(starlark.Callable)
	if !ok || rt == nil {
		return nil
	}
	switch v.(type) {
	case *object.Instance, *object.Type:
		return nil // objects and classes, of which calling is the least
	}
	name := fn.Name()
	if own, err := object.GetAttr(nil, v, "__name__"); err == nil {
		if s, ok := object.AsString(own); ok {
			name = s
		}
	}
	return &Function{rt, v, name}
}
