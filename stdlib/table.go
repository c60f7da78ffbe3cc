package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// call is one call of a function or a method of a table.
type call = native.Call

// function is a row of a module's table: the parameters as Python writes them,
// what help shows, and what it does.
type function struct {
	sig  string
	doc  string
	body func(c *call) (starlark.Value, error)
}

// define adds the functions of tables to a module.
func define(m *native.Module, tables ...[]function) {
	for _, table := range tables {
		for _, row := range table {
			m.Define(row.sig, row.doc, row.body)
		}
	}
}

// defineBrief adds functions whose bodies keep nothing of their calls.
func defineBrief(m *native.Module, tables ...[]function) {
	for _, table := range tables {
		for _, row := range table {
			m.DefineBrief(row.sig, row.doc, row.body)
		}
	}
}

// method is a row of a type's table of methods. Self has been checked.
type method[T starlark.Value] struct {
	sig  string
	doc  string
	body func(self T, c *call) (starlark.Value, error)
}

// defineMethods adds methods to a type whose instances are T.
func defineMethods[T starlark.Value](t *object.Type, table []method[T]) {
	for _, row := range table {
		native.DefineMethod(t, row.sig, row.doc, row.body)
	}
}

// defineBriefMethods adds methods whose bodies keep nothing of their calls.
func defineBriefMethods[T starlark.Value](t *object.Type, table []method[T]) {
	for _, row := range table {
		native.DefineBriefMethod(t, row.sig, row.doc, row.body)
	}
}
