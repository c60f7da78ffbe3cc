package mlxstar

import "github.com/mlxstar/mlxstar/distributed"

// newWorld is what mx.distributed joins other processes by: the script's environment
// variables, and the files and the network that the host grants.
func (rt *Runtime) newWorld() *distributed.World {
	o := distributed.Options{
		Variable: rt.std.Variable,
		ReadFile: rt.readFile,
		Log:      rt.stderr,
	}
	if rt.opts.Network != nil {
		o.Network = rt.opts.Network
	}
	return distributed.NewWorld(o)
}
