package object

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"weak"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// TestLayout checks what internals.go assumes of the Starlark library.
func TestLayout(t *testing.T) {
	f, ok := reflect.TypeFor[starlark.List]().FieldByName("elems")
	if !ok || f.Offset != 0 || f.Type != reflect.TypeFor[[]starlark.Value]() {
		t.Fatalf("starlark.List.elems = %+v, want a []Value at offset 0", f)
	}
	if localsOffset < 0 || cancelOffset < 0 || limitOffset < 0 {
		t.Fatalf("starlark.Thread: offsets %d, %d, %d of locals, cancelReason, maxSteps", localsOffset, cancelOffset, limitOffset)
	}
	thread := new(starlark.Thread)
	thread.SetLocal("k", 7)
	thread.SetMaxExecutionSteps(99)
	if threadLocals(thread)["k"] != 7 || stepLimit(thread) != 99 {
		t.Errorf("locals = %v, limit = %d", threadLocals(thread), stepLimit(thread))
	}
	if _, ok := cancelled(thread); ok {
		t.Error("a new thread is cancelled")
	}
	thread.Cancel("why")
	if reason, ok := cancelled(thread); !ok || reason != "why" {
		t.Errorf("cancelled = %q, %v", reason, ok)
	}
	l := starlark.NewList([]starlark.Value{starlark.True})
	*elements(l) = append(*elements(l), starlark.None)
	if l.Len() != 2 || l.Index(1) != starlark.None {
		t.Errorf("list = %v", l)
	}
	l.Freeze()
	if mutable(l) == nil || mutable(starlark.NewList(nil)) != nil {
		t.Error("mutable: a frozen list is, or an empty one is not")
	}
}

func TestAsException(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("function f missing 1 argument (x)"), "TypeError: f() missing 1 required positional argument: 'x'"},
		{errors.New("function f missing 3 arguments (x, y, z)"), "TypeError: f() missing 3 required positional arguments: 'x', 'y', and 'z'"},
		{errors.New("function lambda accepts no arguments (1 given)"), "TypeError: <lambda>() takes 0 positional arguments but 1 was given"},
		{errors.New("function f accepts 1 positional argument (2 given)"), "TypeError: f() takes 1 positional argument but 2 were given"},
		{errors.New("function f accepts at most 2 positional arguments (3 given)"), "TypeError: f() takes at most 2 positional arguments but 3 were given"},
		{errors.New(`function f got multiple values for parameter "a"`), "TypeError: f() got multiple values for argument 'a'"},
		{errors.New(`function f got an unexpected keyword argument "b"`), "TypeError: f() got an unexpected keyword argument 'b'"},
		{errors.New("local variable x referenced before assignment"), "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value"},
		{errors.New("global variable x referenced before assignment"), "NameError: name 'x' is not defined"},
		{errors.New("Starlark stack overflow"), "RecursionError: maximum recursion depth exceeded"},
		{errors.New("invalid call of non-function (string)"), "TypeError: 'str' object is not callable"},
		{errors.New("unhashable type: list"), "TypeError: unhashable type: 'list'"},
		{errors.New("unhashable: range"), "TypeError: unhashable type: 'range'"},
		{errors.New("int value is not iterable"), "TypeError: 'int' object is not iterable"},
		{errors.New("too many values to unpack (got 3, want 2)"), "ValueError: too many values to unpack (expected 2)"},
		{errors.New("too few values to unpack (got 1, want 2)"), "ValueError: not enough values to unpack (expected 2, got 1)"},
		{errors.New("string has no .foo field or method (did you mean .foo2?)"), "AttributeError: 'str' object has no attribute 'foo'"},
		{errors.New("list index 5 out of range [-2:1]"), "IndexError: list index out of range"},
		{errors.New("unknown binary op: int + string"), "TypeError: unsupported operand type(s) for +: 'int' and 'str'"},
		{errors.New("floored division by zero"), "ZeroDivisionError: integer division or modulo by zero"},
		{errors.New("floating-point division by zero"), "ZeroDivisionError: division by zero"},
		{errors.New("what nobody knows"), "RuntimeError: what nobody knows"},
		{&fs.PathError{Op: "open", Path: "x.txt", Err: syscall.ENOENT}, "FileNotFoundError: [Errno 2] No such file or directory: 'x.txt'"},
		{fmt.Errorf("wrapped: %w", NewException(KeyError, starlark.String("k"))), "KeyError: 'k'"},
	} {
		if got := AsException(c.err).Error(); got != c.want {
			t.Errorf("AsException(%v) = %s, want %s", c.err, got, c.want)
		}
	}
}

func TestUncatchable(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{context.Canceled, true},
		{fmt.Errorf("eval: %w", context.DeadlineExceeded), true},
		{errors.New("Starlark computation cancelled: too many steps"), true},
		{Errorf(RuntimeError, "Starlark computation cancelled: not really"), false},
		{errAbandoned, true},
		{Errorf(ValueError, "x"), false},
	} {
		if got := IsUncatchable(c.err); got != c.want {
			t.Errorf("IsUncatchable(%v) = %v, want %v", c.err, got, c.want)
		}
	}
}

func TestSuggestions(t *testing.T) {
	thread := newThread("test")
	for _, c := range []struct {
		x          starlark.Value
		name, want string
	}{
		{starlark.String(""), "uper", "AttributeError: 'str' object has no attribute 'uper'. Did you mean: 'upper'?"},
		{starlark.NewList(nil), "apend", "AttributeError: 'list' object has no attribute 'apend'. Did you mean: 'append'?"},
		{starlark.None, "zzzz", "AttributeError: 'NoneType' object has no attribute 'zzzz'"},
		{IntType, "from_byte", "AttributeError: type object 'int' has no attribute 'from_byte'. Did you mean: 'from_bytes'?"},
	} {
		_, err := GetAttr(thread, c.x, c.name)
		if err == nil || err.Error() != c.want {
			t.Errorf("%v.%s: %v, want %s", c.x, c.name, err, c.want)
		}
	}
}

func TestStarlarkNamesOfTypes(t *testing.T) {
	thread := newThread("test")
	for _, c := range []struct {
		x    starlark.Value
		name string
	}{
		{starlark.MakeInt(1), "int"}, {starlark.String(""), "string"}, {starlark.String(""), "str"},
		{starlark.NewList(nil), "list"}, {starlark.None, "NoneType"}, {starlark.Float(1), "float"},
	} {
		for _, pair := range [][2]starlark.Value{{TypeOf(c.x), starlark.String(c.name)}, {starlark.String(c.name), TypeOf(c.x)}} {
			if same, err := compareBool(thread, Eq, pair[0], pair[1]); !same || err != nil {
				t.Errorf("%v == %v: %v, %v", pair[0], pair[1], same, err)
			}
		}
	}
}

// TestClassInGo defines a class that derives from dict, as the layers do.
func TestClassInGo(t *testing.T) {
	thread := newThread("test")
	ns := NewNamespace()
	ns.Set("total", NewMethod("total", "Sum the values.", func(thread *starlark.Thread, self starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		d, ok := AsDict(self)
		if !ok {
			return nil, Errorf(TypeError, "total: got %s, want dict", TypeName(self))
		}
		var sum starlark.Value = starlark.MakeInt(0)
		for _, item := range d.Items() {
			var err error
			if sum, err = Binary(thread, Add, sum, item[1]); err != nil {
				return nil, err
			}
		}
		return sum, nil
	}))
	cls, err := NewClass(thread, "Layer", "Layer", "nn", starlark.Tuple{DictType}, ns, nil)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := Call(thread, cls, nil, []starlark.Tuple{{starlark.String("a"), starlark.MakeInt(2)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := SetItem(thread, obj, starlark.String("b"), starlark.MakeInt(5)); err != nil {
		t.Fatal(err)
	}
	m, err := GetAttr(thread, obj, "total")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Call(thread, m, nil, nil); err != nil || v != starlark.MakeInt(7) {
		t.Errorf("total() = %v, %v, want 7", v, err)
	}
	if s := cls.String(); s != "<class 'nn.Layer'>" {
		t.Errorf("class prints as %s", s)
	}
	if !IsInstance(obj, DictType) {
		t.Error("the instance is no dict")
	}
}

func count(n int) *Generator {
	return NewGenerator(newThread("test"), "count", func(_ *starlark.Thread, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
		for i := range n {
			if _, err := yield(starlark.MakeInt(i)); err != nil {
				return nil, err
			}
		}
		return starlark.String("end"), nil
	})
}

func TestGeneratorProtocol(t *testing.T) {
	thread := newThread("test")
	g := count(2)
	if _, err := g.Send(thread, starlark.True); !isException(err, TypeError) {
		t.Errorf("send to a new generator: %v", err)
	}
	for i := range 2 {
		if v, err := g.Send(thread, starlark.None); err != nil || v != starlark.MakeInt(i) {
			t.Errorf("step %d = %v, %v", i, v, err)
		}
	}
	_, err := g.Send(thread, starlark.None)
	if e, ok := err.(*Exception); !ok || e.Class != StopIteration || len(e.Args) != 1 || e.Args[0] != starlark.String("end") {
		t.Errorf("the end is %v", err)
	}
	g = count(2)
	if _, err := g.Throw(thread, Errorf(ValueError, "x")); !isException(err, ValueError) {
		t.Errorf("throw = %v", err)
	}
	if _, ok, err := g.NextValue(thread); ok || err != nil {
		t.Errorf("after throw: %v, %v", ok, err)
	}
}

// TestGeneratorsDoNotLeak drops generators half-way and unstarted; their
// goroutines must end, and what they held must be free.
func TestGeneratorsDoNotLeak(t *testing.T) {
	thread := newThread("test")
	before := runtime.NumGoroutine()
	held := func() weak.Pointer[starlark.List] {
		l := starlark.NewList([]starlark.Value{starlark.MakeInt(1)})
		g := NewGenerator(thread, "g", func(_ *starlark.Thread, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
			_, err := yield(l)
			return l, err
		})
		if _, ok, err := g.NextValue(thread); !ok || err != nil {
			t.Fatalf("first step: %v, %v", ok, err)
		}
		return weak.Make(l)
	}()
	for i := range 100 {
		g := count(3)
		if i%2 == 0 {
			if _, ok, err := g.NextValue(thread); !ok || err != nil {
				t.Fatalf("first step: %v, %v", ok, err)
			}
		}
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before || held.Value() != nil {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before; list held: %v", runtime.NumGoroutine(), before, held.Value() != nil)
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
}

// TestGeneratorSharesThread checks that the body sees the resumer's locals,
// its cancellation and its step limit.
func TestGeneratorSharesThread(t *testing.T) {
	const loop = "def f():\n    for i in range(1 << 60):\n        pass\n"
	globals, err := starlark.ExecFileOptions(&syntax.FileOptions{}, &starlark.Thread{}, "loop.star", loop, nil)
	if err != nil {
		t.Fatal(err)
	}
	spin := func(thread *starlark.Thread) *Generator {
		return NewGenerator(thread, "spin", func(thread *starlark.Thread, yield func(starlark.Value) (starlark.Value, error)) (starlark.Value, error) {
			if thread.Local("k") != "v" {
				return nil, errors.New("the thread's locals are not shared")
			}
			return starlark.Call(thread, globals["f"], nil, nil)
		})
	}
	limited := &starlark.Thread{}
	limited.SetLocal("k", "v")
	limited.SetMaxExecutionSteps(50_000)
	if _, _, err := spin(limited).NextValue(limited); !IsUncatchable(err) || !strings.Contains(err.Error(), "too many steps") {
		t.Errorf("step limit: %v", err)
	}
	cancelledThread := &starlark.Thread{}
	cancelledThread.SetLocal("k", "v")
	var fired atomic.Bool
	time.AfterFunc(20*time.Millisecond, func() { fired.Store(true); cancelledThread.Cancel("enough") })
	if _, _, err := spin(cancelledThread).NextValue(cancelledThread); !IsUncatchable(err) || !strings.Contains(err.Error(), "enough") || !fired.Load() {
		t.Errorf("cancellation: %v", err)
	}
}

// TestSlotsAreCleared checks that what leaves a list leaves its storage too.
func TestSlotsAreCleared(t *testing.T) {
	thread := newThread("test")
	for _, c := range []struct {
		name string
		drop func(l *starlark.List) error
	}{
		{"pop", func(l *starlark.List) error {
			m, err := GetAttr(thread, l, "pop")
			if err != nil {
				return err
			}
			_, err = Call(thread, m, nil, nil)
			return err
		}},
		{"del", func(l *starlark.List) error { return DelItem(thread, l, starlark.MakeInt(-1)) }},
		{"slice", func(l *starlark.List) error {
			return SetItem(thread, l, NewSlice(starlark.MakeInt(1), nil, nil), starlark.Tuple{})
		}},
		{"stride", func(l *starlark.List) error {
			return DelItem(thread, l, NewSlice(starlark.MakeInt(1), nil, starlark.MakeInt(2)))
		}},
	} {
		l := starlark.NewList([]starlark.Value{starlark.MakeInt(0), starlark.String("x")})
		if err := c.drop(l); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if all := (*elements(l))[:2]; l.Len() != 1 || all[1] != nil {
			t.Errorf("%s: storage %v", c.name, all)
		}
	}
}

// TestIteratorsLetGo checks that an exhausted or closed iterator holds nothing.
func TestIteratorsLetGo(t *testing.T) {
	thread := newThread("test")
	iterator := func(v starlark.Value) (Iterator, weak.Pointer[starlark.List]) {
		l := starlark.NewList([]starlark.Value{v})
		it, err := Iterate(thread, l)
		if err != nil {
			t.Fatal(err)
		}
		return it, weak.Make(l)
	}
	for _, exhaust := range []bool{true, false} {
		it, held := iterator(starlark.None)
		if exhaust {
			for {
				_, ok, err := it.Next(thread)
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					break
				}
			}
		} else {
			it.Close()
		}
		runtime.GC()
		if held.Value() != nil {
			t.Errorf("exhaust=%v: the iterator holds its list", exhaust)
		}
		runtime.KeepAlive(it)
	}
}

func FuzzFormatSpec(f *testing.F) {
	for _, s := range []string{"", ">10", "*^+#010,.3f", "é<5", "08_x", ".", "z.2e", "99999999999999999999", "{", ",_", "=", "c", "%"} {
		f.Add(s, int64(42), 1.5, "text")
	}
	thread := newThread("fuzz")
	f.Fuzz(func(t *testing.T, spec string, i int64, x float64, s string) {
		if wide(spec) {
			t.Skip("wide")
		}
		for _, v := range []starlark.Value{starlark.MakeInt64(i), starlark.Float(x), starlark.String(s), starlark.True, Complex(complex(x, 1)), starlark.None} {
			if _, err := Format(thread, v, spec); err != nil {
				if _, ok := err.(*Exception); !ok {
					t.Errorf("format(%v, %q): %v is no exception", v, spec, err)
				}
			}
		}
		if _, err := formatStr(thread, "{:"+spec+"}", starlark.Tuple{starlark.MakeInt64(i), starlark.MakeInt(3)}, nil); err != nil {
			_ = err.Error()
		}
	})
}

// wide reports whether a text asks for so many characters that a fuzz run is slow.
func wide(s string) bool {
	run := 0
	for _, r := range s {
		if '0' <= r && r <= '9' {
			if run++; run > 4 {
				return true
			}
		} else {
			run = 0
		}
	}
	return false
}

func FuzzPercent(f *testing.F) {
	for _, s := range []string{"%d", "%-5.2f|%+x", "%(a)s", "%", "%%", "%*.*f", "%c%r%a", "%z", "%(a", "%#010o"} {
		f.Add(s, int64(7), 2.5, "s")
	}
	thread := newThread("fuzz")
	f.Fuzz(func(t *testing.T, format string, i int64, x float64, s string) {
		if wide(format) || i > 9999 || i < -9999 {
			t.Skip("wide")
		}
		d := starlark.NewDict(1)
		if err := d.SetKey(starlark.String("a"), starlark.Float(x)); err != nil {
			t.Fatal(err)
		}
		for _, args := range []starlark.Value{
			starlark.MakeInt64(i), starlark.Float(x), starlark.String(s), d,
			starlark.Tuple{starlark.MakeInt64(i), starlark.Float(x), starlark.String(s), starlark.None},
		} {
			if _, err := formatPercent(thread, format, args, false); err != nil {
				if _, ok := err.(*Exception); !ok {
					t.Errorf("%q %% %v: %v is no exception", format, args, err)
				}
			}
		}
	})
}
