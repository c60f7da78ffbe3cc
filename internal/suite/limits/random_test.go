package limits

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/internal/suite"
	"github.com/mlxstar/mlxstar/stdlib"
)

var (
	randomTime = flag.Duration("random", 0, "run random scripts for this long, not a few")
	randomSeed = flag.Uint64("seed", 1, "the seed of the first random script")
)

const (
	fewRandom     = 60
	randomLimit   = 200 * time.Millisecond
	randomOverrun = 10 * time.Second // on a machine that is busy
)

// TestRandomScripts runs random programs under small limits. One that ends the process,
// does not come back, or finds a mistake of the library, fails it by its seed.
func TestRandomScripts(t *testing.T) {
	if os.Getenv(childKey) != "" {
		runRandom(t)
		return
	}
	t.Parallel()
	seed, end := *randomSeed, time.Now().Add(*randomTime)
	for {
		last := random(t, seed)
		if t.Failed() && *randomTime == 0 || time.Now().After(end) || last < seed {
			return
		}
		seed = last + 1 // after one that ended the process
	}
}

// random runs scripts in a process from a seed on, and gives the last that was started.
func random(t *testing.T, seed uint64) (last uint64) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRandomScripts$", "-test.v", "-test.timeout=0", fmt.Sprint("-seed=", seed), fmt.Sprint("-random=", *randomTime))
	cmd.Env = append(os.Environ(), childKey+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "seed "):
			watchdog.Reset(time.Minute)
			_, _ = fmt.Sscanf(line, "seed %d", &last)
		case strings.Contains(line, "_test.go:"):
			t.Log(line)
		}
	}
	watchdog.Stop()
	if err := cmd.Wait(); err != nil {
		t.Errorf("seed %d: %v\n%.2000s", last, err, stderr.String())
	}
	return last
}

func runRandom(t *testing.T) {
	rt := suite.NewRuntime(t, mlxstar.Options{Threads: 1})
	names := slices.DeleteFunc(stdlib.New(&stdlib.Environment{}, object.Builtins()).Names(), func(n string) bool { return strings.HasPrefix(n, "_") })
	names = append(names, "builtins")
	slices.Sort(names)
	modules := map[string][]string{}
	for _, m := range names {
		v, err := rt.Eval(t.Context(), "names.py", "import "+m+" as m\n' '.join(n for n in dir(m) if not n.startswith('_') and callable(getattr(m, n, None)))")
		if err != nil {
			continue
		}
		modules[m] = slices.DeleteFunc(strings.Fields(v.(string)), func(n string) bool {
			return slices.Contains([]string{"input", "breakpoint", "exit", "quit", "help", "_exit", "abort"}, n)
		})
	}
	end, late, stopped := time.Now().Add(*randomTime), time.Duration(0), 0
	n, ends := 0, map[string]int{}
	for seed := *randomSeed; n < fewRandom || time.Now().Before(end); seed++ {
		fmt.Println("seed", seed)
		n++
		took, limited, failed, err := runOne(t, newScripts(seed, modules, names).program())
		ends[failed]++
		late = max(late, took-randomLimit)
		if limited {
			stopped++
		}
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if took > randomLimit+randomOverrun {
			t.Errorf("seed %d took %v", seed, took)
		}
	}
	runtime.GC()
	if ends["SyntaxError"]+ends["IndentationError"] > n/4 {
		t.Errorf("of %d scripts these are none of the language: %v", n, ends)
	}
	t.Logf("%d scripts, %d stopped at a limit, the latest %v after it; %v", n, stopped, late.Round(time.Millisecond), ends)
}

// runOne gives an error for what no script may find.
func runOne(t *testing.T, src string) (took time.Duration, limited bool, kind string, err error) {
	rt, err := mlxstar.New(mlxstar.Options{HardMemoryLimit: 200 << 20, Threads: 1, Env: []string{"A=1"}})
	if err != nil {
		return 0, false, "", err
	}
	defer func() { err = errors.Join(err, rt.Close()) }()
	ctx, cancel := context.WithTimeout(t.Context(), randomLimit)
	defer cancel()
	start := time.Now()
	failed := rt.Exec(ctx, "random.py", src)
	took = time.Since(start)
	var e *mlxstar.Error
	if errors.As(failed, &e) {
		limited = ctx.Err() != nil || errors.Is(failed, mlxstar.ErrMemoryLimit)
		if e.Type == "SystemError" && strings.Contains(e.Message, "internal error") {
			return took, limited, e.Type, fmt.Errorf("%s\n%s", e.Traceback, src)
		}
		if e.Type == "SyntaxError" && *randomTime == 0 && testing.Verbose() {
			fmt.Println(e.Traceback)
		}
		return took, limited, e.Type, nil
	}
	return took, limited, "none", nil
}
