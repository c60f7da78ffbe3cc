package mlxstar

import "github.com/mlxstar/mlxstar/stdlib"

// ProvidedPackages are the packages of Python's whose modules a runtime has itself, such as numpy, and the versions
// whose interface they have. What installs packages for scripts leaves them out.
func ProvidedPackages() map[string]string { return stdlib.Provided() }
