package mlxstar

import (
	"errors"

	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

// newWorld is what mx.distributed joins other processes by: the script's environment
// variables, and the files and the network that the host grants.
func (rt *Runtime) newWorld() *distributed.World {
	o := distributed.Options{
		Variable:   rt.std.Variable,
		ReadFile:   rt.readFile,
		Transports: rt.opts.Transports,
		Log:        rt.stderr,
		Seat:       rt.seat,
	}
	if gpu, ok := rt.engine.Backend(engine.GPU).(interface{ Enter() (leave func()) }); ok {
		o.EnterGPU = gpu.Enter
	}
	if rt.opts.Network != nil {
		o.Network = rt.opts.Network
	}
	return distributed.NewWorld(o)
}

// leaveGroups ends the runtime's part in groups. If its last script failed others need
// not wait for more.
func (rt *Runtime) leaveGroups() error {
	if rt.failed {
		rt.world.Abandon()
	}
	return rt.world.Close()
}

// isFailure tells an error from the end that a script chose.
func isFailure(err error) bool {
	if err == nil {
		return false
	}
	var exit *ExitError
	return !(errors.As(err, &exit) && exit.Code == 0)
}
