package object

import (
	"testing"

	"go.starlark.net/starlark"
)

func TestBuiltinsAreThere(t *testing.T) {
	b := Builtins()
	thread := newThread("test")
	v, err := Call(thread, b["len"], starlark.Tuple{starlark.String("é")}, nil)
	if err != nil || v != starlark.MakeInt(1) {
		t.Fatalf("len = %v, %v", v, err)
	}
}
