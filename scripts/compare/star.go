package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mlxstar/mlxstar"
)

// prelude runs before every part: what the tests of a folder take for granted.
const prelude = "import mlx.core as mx\nmx.random.seed(0)\n"

// runStar runs a part in a runtime of its own, in an empty directory.
func runStar(ctx context.Context, p *part, limit time.Duration) (*outcome, error) {
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var stdout bytes.Buffer
	path, err := filepath.Abs(p.File)
	if err != nil {
		return nil, err
	}
	rt, err := mlxstar.New(mlxstar.Options{Args: []string{path}, Stdout: &stdout, Files: mlxstar.SystemFiles(), Dir: dir, Env: os.Environ()})
	if err != nil {
		return nil, err
	}
	defer rt.Close()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if p.mlx {
		if err := rt.Exec(ctx, "prelude", prelude); err != nil {
			return nil, err
		}
	}
	// The whole file gives the place that imports start from; a part is then run
	// in its stead.
	err = rt.ExecSource(ctx, path, p.source)
	o := &outcome{Stdout: stdout.String()}
	var failed *mlxstar.Error
	var exit *mlxstar.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		o.Exit = exit.Code
	case errors.As(err, &failed):
		if ctx.Err() != nil {
			o.Broken = "no end within " + limit.String()
			break
		}
		o.Exception, o.Message, o.Exit = failed.Type, fmt.Sprintf("%s (line %d)", failed.Message, failed.Line), 1
	default:
		return nil, err
	}
	return o, nil
}
