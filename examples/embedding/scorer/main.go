// Command scorer applies a script to each file of a folder, several at once within one
// budget of memory, each in a process of its own:
//
//	scorer -script score.py -in FOLDER -out FOLDER
//
// The script's function score gets the array of a .npy file and gives one. What was done
// before is not done again.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/isolate"
	"github.com/mlxstar/mlxstar/workload"
)

// config is the workload, in Go's own notation of it.
func config(script, in, out string, memory int64) (*workload.Config, error) {
	source := fmt.Sprintf(`
memory = %d
[jobs.score]
script = %q
entry = "score"
inputs.rows = { npy = %q, each = true }
outputs.scores = { npy = %q }
limits = { time = "1m", hard = "1GiB" }
retries = { attempts = 2, on = ["crash"] }
`, memory, script, filepath.Join(in, "*.npy"), filepath.Join(out, "{stem}.npy"))
	return workload.Parse(filepath.Join(out, "scorer.toml"), []byte(source), workload.Overrides{})
}

// score runs the script for each file and tells of each.
func score(ctx context.Context, c *workload.Config, tell func(workload.Record)) (*workload.Summary, error) {
	r, err := workload.NewRunner(c, workload.Options{Resume: true, Notify: tell})
	if err != nil {
		return nil, err
	}
	s, err := r.RunAll(ctx, nil)
	if closed := r.Close(); err == nil {
		err = closed
	}
	return s, err
}

func main() {
	mlxstar.Child(isolate.Fence) // a run is this program, started again
	script := flag.String("script", "score.py", "script with the function score")
	in := flag.String("in", "in", "folder of .npy files")
	out := flag.String("out", "out", "folder for results")
	memory := flag.Int64("memory", 1<<30, "bytes that all runs together may take")
	flag.Parse()
	path := func(p string) string {
		abs, err := filepath.Abs(p)
		if err != nil {
			log.Fatal(err)
		}
		return abs
	}
	c, err := config(path(*script), path(*in), path(*out), *memory)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s, err := score(ctx, c, func(run workload.Record) {
		if run.Status != "" {
			fmt.Printf("%s: %s, %.2f s, peak %s\n", filepath.Base(run.File), run.Status, run.Seconds, mlxstar.FormatSize(run.Peak))
		}
	})
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(s.Code())
}
