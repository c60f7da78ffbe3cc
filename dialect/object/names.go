package object

import "go.starlark.net/starlark"

// AttrNames lists the names of x's attributes, sorted, as dir(x) does.
func AttrNames(x starlark.Value) []string { return dirNames(x) }
