package mlxstar

import (
	"context"
	"os"
	"time"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/monitor"
)

// processPatience is how long a script waits for other processes to tell of themselves.
const processPatience = 5 * time.Second

// memoryProcesses is processes(): the other processes of this user that have a monitor, a
// list of dicts as /v1/status gives them.
func (rt *Runtime) memoryProcesses(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	if err := rt.mayAskOthers(b.Name()); err != nil {
		return nil, err
	}
	pids, err := monitor.Processes()
	if err != nil {
		return nil, object.Errorf(object.OSError, "processes: %s", err)
	}
	ctx, stop := context.WithTimeout(rt.Context(), processPatience)
	defer stop()
	all := []monitor.Status{}
	for _, pid := range pids {
		if pid == os.Getpid() {
			continue
		}
		if c, err := monitor.Connect(ctx, pid); err == nil { // else it has ended, or is another version
			if s, err := c.Status(ctx); err == nil {
				all = append(all, s)
			}
		}
	}
	return plainValue(all)
}

// memoryProcess is process(pid, clear=False): what another process's monitor tells, a dict of
// status, sites (a list by line) and owners (None if it does not know), as
// docs/monitoring.md has them. With clear the process first gives its cache back.
func (rt *Runtime) memoryProcess(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	pid, clear := 0, false
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "pid", &pid, "clear?", &clear); err != nil {
		return nil, err
	}
	if err := rt.mayAskOthers(b.Name()); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(rt.Context(), processPatience)
	defer stop()
	c, err := monitor.Connect(ctx, pid)
	if err != nil {
		return nil, object.Errorf(object.ProcessLookupError, "process: %s", err)
	}
	var out struct {
		Status monitor.Status `json:"status"`
		Sites  []monitor.Site `json:"sites"`
		Owners any            `json:"owners"`
	}
	if clear {
		if _, err := c.ClearCache(ctx); err != nil {
			return nil, object.Errorf(object.OSError, "process: %s", err)
		}
	}
	owned, err := c.Owners(ctx) // first: asking may collect what is dead
	if err == nil {
		out.Owners = owned
		out.Status, err = c.Status(ctx)
	}
	if err == nil {
		out.Sites, err = c.Sites(ctx)
	}
	if err != nil {
		return nil, object.Errorf(object.OSError, "process: %s", err)
	}
	return plainValue(out)
}

// mayAskOthers tells whether scripts may know of other processes.
func (rt *Runtime) mayAskOthers(name string) error {
	if !rt.opts.HostInfo {
		return object.Errorf(object.PermissionError, "%s: scripts may not know of other processes here", name)
	}
	return nil
}
