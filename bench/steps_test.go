package main

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/mlxstar/mlxstar/bench/steps"
	"github.com/mlxstar/mlxstar/dialect"
)

// TestMain lets the test binary stand for the command in processes of its own.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "--step" {
		os.Exit(run(context.Background(), os.Args[1:]))
	}
	os.Exit(m.Run())
}

func TestSteps(t *testing.T) {
	names := steps.Names()
	if len(names) < 20 {
		t.Fatalf("%d steps: %v", len(names), names)
	}
	for _, name := range names {
		text, err := steps.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := dialect.Compile(name+".py", []byte(text), dialect.ModeFile); err != nil {
			t.Error(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	f, err := measureStep(t.Context(), "vmap", exec.Command(self, "--step", "vmap", "--threads", "2"))
	if err != nil {
		t.Fatal(err)
	}
	// The gradient of 256 matrices of 32 x 32 is a MiB, beside which they are active.
	if f.Peak < 2 || f.Peak > 8 || f.Active < 1 || f.Active > f.Peak {
		t.Errorf("%+v", f)
	}
	if _, err := steps.Source("none"); err == nil {
		t.Error("a step of no name was found")
	}
}
