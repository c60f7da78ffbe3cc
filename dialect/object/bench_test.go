package object

import (
	"testing"

	"go.starlark.net/starlark"
)

func BenchmarkIntAdd(b *testing.B) {
	thread := newThread("bench")
	var x, y starlark.Value = starlark.MakeInt(3), starlark.MakeInt(4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Binary(thread, Add, x, y); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIntCompare(b *testing.B) {
	thread := newThread("bench")
	var x, y starlark.Value = starlark.MakeInt(3), starlark.MakeInt(4)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compare(thread, Lt, x, y); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkListIndex(b *testing.B) {
	thread := newThread("bench")
	var l, i starlark.Value = starlark.NewList([]starlark.Value{starlark.None, starlark.True}), starlark.MakeInt(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := GetItem(thread, l, i); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDictGet(b *testing.B) {
	thread := newThread("bench")
	d := starlark.NewDict(4)
	if err := DictSet(thread, d, starlark.String("key"), starlark.None); err != nil {
		b.Fatal(err)
	}
	var x, k starlark.Value = d, starlark.String("key")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := GetItem(thread, x, k); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInstanceAttr(b *testing.B) {
	thread := newThread("bench")
	cls, err := NewClass(thread, "C", "C", "m", nil, NewNamespace(), nil)
	if err != nil {
		b.Fatal(err)
	}
	x, err := Call(thread, cls, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	if err := SetAttr(thread, x, "weight", starlark.None); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := GetAttr(thread, x, "weight"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkListAppend(b *testing.B) {
	thread := newThread("bench")
	l := starlark.NewList(nil)
	args := starlark.Tuple{starlark.None}
	b.ReportAllocs()
	for b.Loop() {
		m, err := GetAttr(thread, l, "append")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Call(thread, m, args, nil); err != nil {
			b.Fatal(err)
		}
		if l.Len() > 1000 {
			*elements(l) = nil
		}
	}
}

func BenchmarkGeneratorStep(b *testing.B) {
	thread := newThread("bench")
	g := count(1 << 62)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := g.NextValue(thread); err != nil {
			b.Fatal(err)
		}
	}
}
