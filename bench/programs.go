package main

import (
	"fmt"
	"strings"
)

// program is a row for one library: what to run once, and the body of a step.
type program struct {
	Setup string  `json:"setup"`
	Body  string  `json:"body"`
	Pause float64 `json:"pause"` // seconds before each step
}

// mlxProgram is the row for mlxstar and for MLX.
func (r *row) mlxProgram() program {
	var s strings.Builder
	s.WriteString("import mlx.core as mx\nmx.random.seed(0)\n")
	for _, in := range r.in {
		fmt.Fprintf(&s, "%s = mx.random.normal(%s)", in.name, tuple(in.shape))
		if in.dtype != "" {
			fmt.Fprintf(&s, ".astype(mx.%s)", in.dtype)
		}
		fmt.Fprintf(&s, "\nmx.eval(%s)\n", in.name)
	}
	s.WriteString(r.setup)
	body := r.body
	if body == "" {
		body = "mx.eval(" + r.eval + ")"
	}
	return program{s.String(), body, r.pause}
}

// numpyProgram is the row for NumPy; ok is false if there is none.
func (r *row) numpyProgram() (p program, ok bool) {
	var s strings.Builder
	for _, in := range r.in {
		fmt.Fprintf(&s, "%s = rng.standard_normal(%s, dtype=np.float32)", in.name, tuple(in.shape))
		if in.dtype != "" {
			fmt.Fprintf(&s, ".astype(np.%s)", in.dtype)
		}
		s.WriteString("\n")
	}
	s.WriteString(r.numpy.setup)
	return r.numpy.program(s.String(), r.numpy.eval)
}

// jaxProgram is the row for JAX, jitted as a function of its inputs.
func (r *row) jaxProgram() (p program, ok bool) {
	var s strings.Builder
	var names []string
	for _, in := range r.in {
		dtype := in.dtype
		if dtype == "" {
			dtype = "float32"
		}
		fmt.Fprintf(&s, "%s = jnp.asarray(rng.standard_normal(%s, dtype=np.float32)).astype(jnp.%s)\n", in.name, tuple(in.shape), dtype)
		names = append(names, in.name)
	}
	s.WriteString(r.jax.setup)
	call := ""
	if r.jax.eval != "" {
		args := strings.Join(names, ", ")
		fmt.Fprintf(&s, "\nstep_fn = jax.jit(lambda %s: %s)\n", args, r.jax.eval)
		call = "step_fn(" + args + ").block_until_ready()"
	}
	return r.jax.program(s.String(), call)
}

func (t *peerText) program(setup, eval string) (program, bool) {
	body := t.body
	if body == "" {
		body = eval
	}
	return program{Setup: setup, Body: body}, body != ""
}

// tuple writes a shape as Python does.
func tuple(shape []int) string {
	var s strings.Builder
	for _, n := range shape {
		fmt.Fprintf(&s, "%d, ", n)
	}
	return "(" + s.String() + ")"
}

// step is the program of a function that does one step.
func (p program) step() string {
	return "def step():\n    " + strings.ReplaceAll(p.Body, "\n", "\n    ") + "\n"
}
