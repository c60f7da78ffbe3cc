package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/bench/steps"
	"github.com/mlxstar/mlxstar/metal"
	"github.com/mlxstar/mlxstar/metal/metalsim"
)

// stepFigures are what a step took, in MiB.
type stepFigures struct {
	Step     string  `json:"step"`
	Peer     string  `json:"peer,omitempty"` // the library, if not mlxstar
	Peak     float64 `json:"peak"`
	Active   float64 `json:"active"`
	Cache    float64 `json:"cache"`
	Resident float64 `json:"resident,omitempty"` // the most of the whole process; 0 where it is not known
}

// The devices that steps run on.
const (
	onCPU       = "cpu"
	onGPU       = "gpu"
	onSimulator = "simulated"
)

func checkDevice(name string) error {
	if !slices.Contains([]string{onCPU, onGPU, onSimulator}, name) {
		return fmt.Errorf("the device is %q, want cpu, gpu or simulated", name)
	}
	return nil
}

// runStep runs a program in this process.
func runStep(ctx context.Context, name string, threads int, device string) error {
	text, err := steps.Source(name)
	if err != nil {
		return err
	}
	o := mlxstar.Options{Threads: threads, Stdout: os.Stdout, Device: device}
	if device == onSimulator {
		sim, err := metalsim.Open()
		if err != nil {
			return err
		}
		o.Device, o.GPU = onGPU, metal.Linked(sim)
	}
	rt, err := mlxstar.New(o)
	if err != nil {
		return err
	}
	defer rt.Close()
	return rt.Exec(ctx, name+".py", text)
}

// peaks runs the programs in processes of their own, with --peers under MLX as well.
func (o *options) peaks(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "steps")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var all []stepFigures
	var logs []float64
	failed := false
	for _, name := range o.names() {
		ours, err := measureStep(ctx, name, exec.CommandContext(ctx, self, "--step", name, "--threads", fmt.Sprint(o.threads), "--device", o.device))
		if err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", name, err)
			failed = true
			continue
		}
		all = append(all, ours)
		line := fmt.Sprintf("%-24s peak %8.1f  cache %7.1f  resident %6.0f MiB", name, ours.Peak, ours.Cache, ours.Resident)
		if o.peers {
			theirs, err := o.peerStep(ctx, dir, name)
			if err != nil {
				fmt.Fprintf(os.Stderr, "bench: %s: %v\n", name, err)
				failed = true
				continue
			}
			all = append(all, theirs)
			ratio := ours.Peak / max(theirs.Peak, 1e-3)
			logs = append(logs, math.Log(ratio))
			line += fmt.Sprintf("   MLX %8.1f  %7.1f  %6.0f   ratio %.2f", theirs.Peak, theirs.Cache, theirs.Resident, ratio)
		}
		if !o.json {
			fmt.Println(line)
		}
	}
	if o.json {
		if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
			return err
		}
	} else if len(logs) > 0 {
		sum := 0.0
		for _, l := range logs {
			sum += l
		}
		fmt.Printf("peak over MLX's: geometric mean %.2f, greatest %.2f\n", math.Exp(sum/float64(len(logs))), math.Exp(slices.Max(logs)))
	}
	if failed {
		return errRows
	}
	return nil
}

// peerStep runs a program under Python with MLX.
func (o *options) peerStep(ctx context.Context, dir, name string) (stepFigures, error) {
	text, err := steps.Source(name)
	if err != nil {
		return stepFigures{}, err
	}
	path := filepath.Join(dir, name+".py")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return stepFigures{}, err
	}
	f, err := measureStep(ctx, name, exec.CommandContext(ctx, o.python, path))
	f.Peer = "MLX"
	return f, err
}

func measureStep(ctx context.Context, name string, cmd *exec.Cmd) (stepFigures, error) {
	f := stepFigures{Step: name}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return f, ctx.Err()
	}
	if err != nil {
		return f, fmt.Errorf("%w: %s", err, lastLine(stderr.String()))
	}
	var figures [3]float64
	if err := json.Unmarshal([]byte(lastLine(string(out))), &figures); err != nil {
		return f, fmt.Errorf("printed %q: %w", lastLine(string(out)), err)
	}
	f.Peak, f.Active, f.Cache = figures[0], figures[1], figures[2]
	f.Resident = peakResident(cmd.ProcessState) / (1 << 20)
	return f, nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
