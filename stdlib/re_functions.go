package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// compiledPatterns are the patterns that the functions of re were given as text, without
// flags.
type compiledPatterns struct {
	compile starlark.Value // the module's function
	known   map[string]starlark.Value
}

// maxCompiled is how many are kept.
const maxCompiled = 512

// of is the compiled pattern of a text, or of what compile takes besides.
func (p *compiledPatterns) of(c *call, pattern, flags starlark.Value) (starlark.Value, error) {
	text, ok := pattern.(starlark.String)
	if ok && flags == nil {
		if v := p.known[string(text)]; v != nil {
			return v, nil
		}
	}
	if flags == nil {
		flags = starlark.MakeInt(0)
	}
	v, err := c.Invoke(p.compile, pattern, flags)
	if err == nil && ok && flags == starlark.MakeInt(0) {
		if len(p.known) >= maxCompiled {
			clear(p.known)
		}
		p.known[string(text)] = v
	}
	return v, err
}

// regexpFunctions are the functions of re that compile a pattern and apply it, by their
// methods, and the function that forgets compiled patterns.
func regexpFunctions(compile starlark.Value) starlark.Tuple {
	cache := &compiledPatterns{compile, map[string]starlark.Value{}}
	methods := patternMethods()
	var out starlark.Tuple
	for _, f := range []struct {
		sig, doc string
		rest     int // arguments between the pattern and the flags
	}{
		{"search(pattern, string, flags=0)", "The first match anywhere.", 1},
		{"match(pattern, string, flags=0)", "The match at the start.", 1},
		{"fullmatch(pattern, string, flags=0)", "The match of the whole string.", 1},
		{"findall(pattern, string, flags=0)", "The texts of all matches.", 1},
		{"finditer(pattern, string, flags=0)", "All matches.", 1},
		{"split(pattern, string, maxsplit=0, flags=0)", "The pieces between matches.", 2},
		{"sub(pattern, repl, string, count=0, flags=0)", "The string with matches replaced.", 3},
		{"subn(pattern, repl, string, count=0, flags=0)", "The string with matches replaced, and how many there were.", 3},
	} {
		var method *object.Method
		fn := native.NewFunction("re", f.sig, f.doc, func(c *call) (starlark.Value, error) {
			pattern, err := cache.of(c, c.Arg(0), c.Arg(1+f.rest))
			if err != nil {
				return nil, err
			}
			args := make(starlark.Tuple, 1, 4)
			args[0] = pattern
			for i := range f.rest {
				if v := c.Arg(1 + i); v != nil {
					args = append(args, v)
				}
			}
			return method.CallInternal(c.Thread, args, nil)
		})
		method = methods[fn.Name()].(*object.Method)
		out = append(out, fn)
	}
	return append(out, native.NewFunction("re", "purge()", "Forget the compiled patterns.", func(*call) (starlark.Value, error) {
		clear(cache.known)
		return nil, nil
	}))
}
