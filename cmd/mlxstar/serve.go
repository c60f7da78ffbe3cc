package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/mlxstar/mlxstar/workload"
	"github.com/mlxstar/mlxstar/workload/server"
)

// serveJobs is mlxstar serve.
func serveJobs(args []string, stdout, stderr io.Writer) int {
	o, c, code, done := loadJobs("serve", args, stdout, stderr)
	if done {
		return code
	}
	show := &jobsProgress{json: o.json, stdout: stdout, stderr: stderr}
	s, err := server.New(c, workload.Options{Output: stderr, Notify: show.notify, GPU: openGPU})
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar serve: %s\n", err)
		return exitUsage
	}
	l, err := s.Listen()
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar serve: %s\n", err)
		_ = s.Close() // the first error is told
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Fprintf(stderr, "listening on %s\n", l.Addr())
	err = s.Serve(ctx, l)
	if closed := s.Close(); err == nil {
		err = closed
	}
	if err != nil {
		fmt.Fprintf(stderr, "mlxstar serve: %s\n", err)
		return exitScript
	}
	return exitOK
}
