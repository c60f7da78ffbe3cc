package mlxstar

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// progress is the value of mlxstar.progress: an iterable that shows how far it
// has come, by a line on the terminal that it redraws. Where the output is no
// terminal it shows nothing, nor does work that ends within its first second.
type progress struct {
	rt      *Runtime
	items   starlark.Value
	desc    string
	total   int // -1 where unknown
	done    int
	postfix string
	start   time.Time
	drawn   time.Time
	width   int // of the line on the terminal
	// disabled keeps it silent on a terminal, too.
	disabled bool
}

const (
	progressDelay  = time.Second            // before the first drawing
	redrawInterval = 100 * time.Millisecond // on a terminal
	barWidth       = 24
)

var (
	_ object.HasIter    = (*progress)(nil)
	_ object.HasLength  = (*progress)(nil)
	_ starlark.HasAttrs = (*progress)(nil)
)

func (p *progress) String() string        { return p.line() }
func (p *progress) Type() string          { return "progress" }
func (p *progress) Freeze()               {}
func (p *progress) Truth() starlark.Bool  { return true }
func (p *progress) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'progress'") }

// Length is the number of steps.
func (p *progress) Length(*starlark.Thread) (int, error) {
	if p.total < 0 {
		return 0, object.Errorf(object.TypeError, "progress: the total is not known")
	}
	return p.total, nil
}

// Iter yields the items and counts them.
func (p *progress) Iter(thread *starlark.Thread) (object.Iterator, error) {
	it, err := object.Iterate(thread, p.items)
	if err != nil {
		return nil, err
	}
	return &progressIterator{p, it, false}, nil
}

type progressIterator struct {
	p       *progress
	items   object.Iterator
	started bool
}

func (it *progressIterator) Next(thread *starlark.Thread) (starlark.Value, bool, error) {
	if it.started {
		it.p.advance(1)
	}
	it.started = true
	v, ok, err := it.items.Next(thread)
	if !ok {
		it.p.finish()
	}
	return v, ok, err
}

func (it *progressIterator) Close() {
	it.items.Close()
	it.p.finish()
	it.p.items = starlark.None
}

func (p *progress) advance(n int) {
	p.done += n
	p.rt.MarkMemory("")
	now := p.rt.now()
	if !p.rt.terminal || p.disabled || now.Sub(p.start) < progressDelay || now.Sub(p.drawn) < redrawInterval {
		return
	}
	p.drawn = now
	p.draw()
}

func (p *progress) draw() {
	line := p.line()
	blank := strings.Repeat(" ", max(p.width-len([]rune(line)), 0))
	p.width = len([]rune(line))
	fmt.Fprint(p.rt.stderr, "\r"+line+blank)
}

// finish draws the end, if anything was drawn.
func (p *progress) finish() {
	if p.drawn.IsZero() {
		return
	}
	p.draw()
	_, _ = io.WriteString(p.rt.stderr, "\n")
	p.drawn, p.width = time.Time{}, 0
}

func (p *progress) line() string {
	var s strings.Builder
	if p.desc != "" {
		s.WriteString(p.desc + ": ")
	}
	elapsed := p.rt.now().Sub(p.start)
	rate := float64(p.done) / math.Max(elapsed.Seconds(), 1e-9)
	if p.total > 0 {
		part := math.Min(float64(p.done)/float64(p.total), 1)
		full := int(part * barWidth)
		fmt.Fprintf(&s, "%3.0f%% [%s%s] %d/%d", part*100, strings.Repeat("#", full), strings.Repeat("-", barWidth-full), p.done, p.total)
		if p.done > 0 && p.done < p.total {
			left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second))
			fmt.Fprintf(&s, " %s left", left.Round(time.Second))
		}
	} else {
		fmt.Fprintf(&s, "%d", p.done)
	}
	fmt.Fprintf(&s, " %s, %.1f/s", elapsed.Round(100*time.Millisecond), rate)
	if p.postfix != "" {
		s.WriteString(", " + p.postfix)
	}
	return s.String()
}

// progressMethods are the bar's methods, as tqdm names them.
var progressMethods = map[string]func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error){
	"update": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		n := 1
		if err := starlark.UnpackArgs("update", args, kwargs, "n?", &n); err != nil {
			return nil, err
		}
		p.advance(n)
		return starlark.None, nil
	},
	"set_description": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return starlark.None, starlark.UnpackArgs("set_description", args, kwargs, "desc", &p.desc)
	},
	"set_postfix": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var pairs []starlark.Tuple
		if len(args) > 0 {
			d, ok := object.AsDict(args[0])
			if !ok || len(args) > 1 {
				return nil, object.Errorf(object.TypeError, "set_postfix() takes a dict and keyword arguments")
			}
			pairs = append(pairs, d.Items()...)
		}
		pairs = append(pairs, kwargs...)
		parts := make([]string, len(pairs))
		for i, kv := range pairs {
			text, err := postfixText(kv[1])
			if err != nil {
				return nil, err
			}
			name, ok := object.AsString(kv[0])
			if !ok {
				return nil, object.Errorf(object.TypeError, "set_postfix(): a name is %s, want str", object.TypeName(kv[0]))
			}
			parts[i] = name + "=" + text
		}
		p.postfix = strings.Join(parts, ", ")
		return starlark.None, nil
	},
	"set_postfix_str": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return starlark.None, starlark.UnpackArgs("set_postfix_str", args, kwargs, "s", &p.postfix)
	},
	"refresh": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if !p.drawn.IsZero() {
			p.draw()
		}
		return starlark.None, starlark.UnpackArgs("refresh", args, kwargs)
	},
	"write": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		text := ""
		if err := starlark.UnpackArgs("write", args, kwargs, "s", &text); err != nil {
			return nil, err
		}
		if !p.drawn.IsZero() { // the line makes room
			fmt.Fprint(p.rt.stderr, "\r"+strings.Repeat(" ", p.width)+"\r")
		}
		fmt.Fprintln(p.rt.stdout, text)
		return starlark.None, nil
	},
	"close": func(p *progress, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		p.finish()
		return starlark.None, starlark.UnpackArgs("close", args, kwargs)
	},
	"__enter__": func(p *progress, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) { return p, nil },
	"__exit__": func(p *progress, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		p.finish()
		return starlark.False, nil
	},
}

// postfixText shortens floats to three significant digits.
func postfixText(v starlark.Value) (string, error) {
	if n, ok := v.(object.HasNumber); ok {
		v = n.PyNumber()
	}
	if f, ok := v.(starlark.Float); ok {
		return fmt.Sprintf("%.3g", float64(f)), nil
	}
	return object.Str(nil, v)
}

// Attr gives a method or a counter.
func (p *progress) Attr(name string) (starlark.Value, error) {
	switch name {
	case "desc":
		return starlark.String(p.desc), nil
	case "n":
		return starlark.MakeInt(p.done), nil
	case "total":
		if p.total < 0 {
			return starlark.None, nil
		}
		return starlark.MakeInt(p.total), nil
	}
	if m := progressMethods[name]; m != nil {
		return starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			return m(p, args, kwargs)
		}), nil
	}
	return nil, nil
}

// AttrNames lists the methods and counters.
func (p *progress) AttrNames() []string {
	return []string{"close", "desc", "n", "refresh", "set_description", "set_postfix", "set_postfix_str", "total", "update", "write"}
}

// newProgress is mlxstar.progress(iterable, desc, total, disable), in tqdm's order.
func (rt *Runtime) newProgress(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var items, total, desc starlark.Value = starlark.None, starlark.None, starlark.None
	disable := false
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "iterable?", &items, "desc?", &desc, "total?", &total, "disable?", &disable); err != nil {
		return nil, object.Errorf(object.TypeError, "%s", err)
	}
	p := &progress{rt: rt, items: items, total: -1, start: rt.now(), disabled: disable}
	if desc != starlark.None {
		text, err := object.Str(thread, desc)
		if err != nil {
			return nil, err
		}
		p.desc = text
	}
	if total != starlark.None {
		n, err := starlark.AsInt32(total)
		if err != nil {
			return nil, object.Errorf(object.TypeError, "progress(): argument 'total' must be int, not %s", object.TypeName(total))
		}
		p.total = n
	} else if items != starlark.None {
		if n, err := object.Len(thread, items); err == nil {
			p.total = n
		}
	}
	return p, nil
}
