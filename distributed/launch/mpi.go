package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// runMPI has mpirun start the processes.
func (j *Job) runMPI(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) (code int, err error) {
	mpirun, err := exec.LookPath("mpirun")
	if err != nil {
		return 0, errors.New("mpirun is not installed here: MPI's own launcher starts its processes")
	}
	folder, err := os.MkdirTemp("", "mlxstar-launch-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	slots, names := map[string]int{}, []string(nil)
	for _, h := range j.Hosts {
		name := h.SSH
		if h.local() {
			name = "localhost"
		}
		if slots[name] == 0 {
			names = append(names, name)
		}
		slots[name]++
	}
	var text []byte
	for _, name := range names {
		text = fmt.Appendf(text, "%s slots=%d\n", name, slots[name])
	}
	file := filepath.Join(folder, "hosts")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return 0, err
	}
	args := []string{"-n", fmt.Sprint(len(j.Hosts)), "--hostfile", file}
	if j.Dir != "" {
		args = append(args, "-wdir", j.Dir)
	}
	for _, kv := range j.Env {
		args = append(args, "-x", kv)
	}
	args = append(append(args, j.MPIArgs...), j.Command...)
	cmd := exec.Command(mpirun, args...)
	ownGroup(cmd)
	p := &process{cmd: cmd}
	out := newOutput(&Job{Raw: true, Verbose: j.Verbose}, stdout, stderr)
	p.pipes = []*lines{out.lines(0, false), out.lines(0, true)}
	cmd.Stdout, cmd.Stderr = p.pipes[0], p.pipes[1]
	return j.attend(ctx, []*process{p}, stdin, out)
}
