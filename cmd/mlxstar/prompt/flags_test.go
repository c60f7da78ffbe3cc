package prompt

import _ "github.com/mlxstar/mlxstar/internal/conformance/flags" // go test ./... gives them to every package
