// Package vars gives what a monitor knows of memory to package expvar. It is a package of its
// own since importing expvar adds a page to net/http's default server.
package vars

import (
	"expvar"

	"github.com/mlxstar/mlxstar/monitor"
)

// Of is a variable that counts the memory of a source, such as
// [github.com/mlxstar/mlxstar.Runtime.MonitorSource], whenever it is read: an object with the
// fields of /v1/status in docs/monitoring.md.
//
//	expvar.Publish("mlxstar", vars.Of(rt.MonitorSource()))
//
// For several runtimes put the variables into an expvar.Map, which lets go of them.
func Of(src monitor.Source) expvar.Var {
	return expvar.Func(func() any { return src.Status() })
}
