package main

import (
	"errors"
	"os"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
)

// newRuntime makes the command's runtime. It has a monitor if there can be one: a script
// runs as well without, as where no folder for its socket can be written.
func (o *options) newRuntime(stdin, stdout, stderr *os.File) (*mlxstar.Runtime, error) {
	opts := o.runtime(stdin, stdout, stderr)
	if o.memOnOOM != "" {
		opts.MemoryRefused = func(p *memory.Profile) { o.writeRefused(p, stderr) }
	}
	rt, err := mlxstar.New(opts)
	if err != nil {
		return nil, err
	}
	if o.record != "" {
		if err := o.beginRecord(rt); err != nil {
			return nil, errors.Join(err, rt.Close())
		}
	}
	if !o.noMonitor {
		_ = rt.ServeMonitor() // see above
	}
	return rt, nil
}
