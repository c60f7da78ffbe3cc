package main

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/distributed/launch"
)

//go:embed groups.py
var groupProgram string

// groupRow is what a group of processes is timed by: a sum of so many bytes, or where those
// are 0 a training step.
type groupRow struct {
	Name        string `json:"name"`
	Bytes       int    `json:"bytes"`
	Batch       int    `json:"batch"`
	Width       int    `json:"width"`
	Repetitions int    `json:"repetitions"`
}

// groupRows are the rows at a part of their full sizes.
func groupRows(scale, seconds float64) []groupRow {
	times := func(n float64) int { return max(3, int(n*seconds)) }
	large := max(4, int(100e6*scale)/4*4)
	return []groupRow{
		{Name: "sum_8B", Bytes: 8, Repetitions: times(2000)},
		{Name: "sum_4KB", Bytes: 4 << 10, Repetitions: times(1000)},
		{Name: "sum_64KB", Bytes: 64 << 10, Repetitions: times(500)},
		{Name: "sum_1MB", Bytes: 1 << 20, Repetitions: times(100)},
		{Name: "sum_100MB", Bytes: large, Repetitions: times(6)},
		{Name: "step", Batch: max(64, int(512*scale)), Width: 512, Repetitions: times(20)},
	}
}

// contender is one way for processes to reach each other.
type contender struct {
	name    string
	backend string
	command []string // before the program's arguments
	args    []string // of mpirun
	own     bool     // the processes are this program's
}

// rounds is how often each contender is started: they take turns, since the machine may be
// busy with others for a while.
const rounds = 3

// groupResult is the times of a row, by contender.
type groupResult struct {
	Row   string            `json:"row"`
	Size  int               `json:"processes"`
	Times map[string]timing `json:"times"`
}

// groupBench measures groups of processes of this machine.
func (o *options) groupBench(ctx context.Context) error {
	var rows []groupRow
	for _, r := range groupRows(o.scales[0], o.effort.Seconds) {
		if o.wanted(r.Name) {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return fmt.Errorf("no row's name contains %q; --list names them", o.rows)
	}
	folder, err := os.MkdirTemp("", "mlxstar-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "groups.py")
	if err := os.WriteFile(program, []byte(groupProgram), 0o600); err != nil {
		return err
	}
	v, threads := newView(o.json), o.threads
	if threads == 0 {
		threads = runtime.NumCPU()
	}
	all, err := o.contenders(program, v)
	if err != nil {
		return err
	}
	v.print("%s, %d cores, %s, %s", processor(), runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH, runtime.Version())
	var results []groupResult
	bad := false
	for _, size := range o.ranks {
		got := map[string]map[string][]float64{}
		for round := range rounds {
			for _, c := range all {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				v.progress(fmt.Sprintf("%d processes, %s, %d of %d", size, c.name, round+1, rounds))
				times, err := c.run(ctx, size, threads, rows)
				if err != nil {
					v.note(fmt.Sprintf("%s by %d: %v", c.name, size, err))
					bad = true
					continue
				}
				if got[c.name] == nil {
					got[c.name] = map[string][]float64{}
				}
				for row, t := range times {
					got[c.name][row] = append(got[c.name][row], t...)
				}
			}
		}
		for _, r := range rows {
			res := groupResult{r.Name, size, map[string]timing{}}
			for name, rows := range got {
				res.Times[name] = newTiming(rows[r.Name], 1, o.best)
			}
			results = append(results, res)
		}
	}
	v.groups(all, results)
	if o.json {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(results); err != nil {
			return err
		}
	}
	if bad {
		return errRows
	}
	return nil
}

// contenders are this program's ring and, with --peers, MLX's ring, and MLX over MPI: as MPI
// finds best on one machine, and by TCP as between machines.
func (o *options) contenders(program string, v view) ([]*contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	all := []*contender{{name: "mlxstar", backend: "ring", command: []string{self, "--member", program}, own: true}}
	if !o.peers {
		return all, nil
	}
	if err := exec.Command(o.python, "-c", "import mlx.core").Run(); err != nil {
		v.note("MLX is left out: " + o.python + " has none")
		return all, nil
	}
	python := []string{o.python, program}
	all = append(all, &contender{name: "mlx_ring", backend: "ring", command: python})
	if _, err := exec.LookPath("mpirun"); err != nil {
		v.note("MPI is left out: there is no mpirun")
		return all, nil
	}
	args := []string{"--oversubscribe"}
	if os.Geteuid() == 0 {
		args = append(args, "--allow-run-as-root")
	}
	tcp := append(append([]string{}, args...), "--mca", "btl", "tcp,self", "--mca", "pml", "ob1")
	return append(all,
		&contender{name: "mpi_tcp", backend: "mpi", command: python, args: tcp},
		&contender{name: "mpi_memory", backend: "mpi", command: python, args: args}), nil
}

// run has so many processes measure the rows, and gives the times in seconds of the first.
func (c *contender) run(ctx context.Context, size, threads int, rows []groupRow) (map[string][]float64, error) {
	list, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	hosts, err := launch.ParseHosts("127.0.0.1", size)
	if err != nil {
		return nil, err
	}
	j := launch.Job{Hosts: hosts, Backend: c.backend, Command: append(append([]string{}, c.command...), string(list)), Raw: true, MPIArgs: c.args}
	if c.own {
		j.Command = append(j.Command, "--threads", strconv.Itoa(max(1, threads/size))) // as mlxstar launch divides them
		if size > 1 {
			j.Secret = rand.Text()
		}
	}
	var out, complaint bytes.Buffer
	code, err := j.Run(ctx, nil, &out, &complaint)
	if err == nil && code != 0 {
		err = fmt.Errorf("exit code %d: %s", code, strings.TrimSpace(complaint.String()))
	}
	if err != nil {
		return nil, err
	}
	var answer struct {
		Size  int                  `json:"size"`
		Times map[string][]float64 `json:"times"`
	}
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return nil, fmt.Errorf("it printed %q: %w", out.String(), err)
	}
	if answer.Size != size {
		return nil, fmt.Errorf("the group has %d processes, want %d", answer.Size, size)
	}
	return answer.Times, nil
}

// runMember is a process of this program's ring.
func (o *options) runMember(ctx context.Context) error {
	rt, err := mlxstar.New(mlxstar.Options{
		Args: append([]string{o.member}, o.words...), Stdout: os.Stdout, Stderr: os.Stderr, Files: mlxstar.SystemFiles(),
		Network: mlxstar.SystemNetwork(), Env: os.Environ(), Device: "cpu", Threads: o.threads,
	})
	if err != nil {
		return err
	}
	return errors.Join(rt.ExecFile(ctx, o.member), rt.Close())
}

// groups writes the table.
func (v view) groups(all []*contender, results []groupResult) {
	var head strings.Builder
	for i, c := range all {
		fmt.Fprintf(&head, " %12s", c.name)
		if i > 0 {
			head.WriteString("      x")
		}
	}
	v.print("\n%-10s %9s%s     microseconds; x is how often mlxstar's time goes into it", "row", "processes", head.String())
	for _, r := range results {
		var line strings.Builder
		own := r.Times[all[0].name].Time
		for i, c := range all {
			t, ok := r.Times[c.name]
			if !ok {
				fmt.Fprintf(&line, " %12s", "-")
				continue
			}
			fmt.Fprintf(&line, " %12.1f", t.Time*1e3)
			if i > 0 && own > 0 {
				fmt.Fprintf(&line, " %6.2f", t.Time/own)
			}
		}
		v.print("%-10s %9d%s", r.Row, r.Size, line.String())
	}
}
