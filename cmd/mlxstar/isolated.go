package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/mlxstar/mlxstar"
)

// isolated runs the script in a process of its own. It sees its folder as "/", and its
// standard input is empty.
func isolated(o *options, stdin io.Reader, stdout, stderr *os.File) (err error) {
	if o.interactive || o.module != "" {
		return errors.New("--isolate: want a script, -c or -")
	}
	po := mlxstar.ProcessOptions{
		Args: o.args, Seed: o.seed, MemoryLimit: o.memoryLimit, HardMemoryLimit: o.hardLimit, Threads: o.threads,
		Stdout: stdout, Stderr: stderr,
	}
	name, code := "<string>", o.code
	file := !o.hasCode && o.script != "-"
	switch {
	case file:
		path, err := filepath.Abs(o.script)
		if err != nil {
			return err
		}
		if _, err := os.Stat(path); err != nil {
			return err
		}
		po.Folder, name = filepath.Dir(path), "/"+filepath.Base(path)
		po.Args = append([]string{name}, o.args[1:]...)
	case o.script == "-":
		src, err := io.ReadAll(stdin)
		if err != nil {
			return fmt.Errorf("reading standard input: %w", err)
		}
		name, code = "<stdin>", string(src)
	}
	p, err := mlxstar.NewProcess(po)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	ctx, stop := bounded(p, o)
	defer stop()
	if file {
		return p.ExecFile(ctx, name)
	}
	return p.Exec(ctx, name, code)
}
