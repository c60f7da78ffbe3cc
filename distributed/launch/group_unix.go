//go:build unix

package launch

import (
	"os/exec"
	"syscall"
)

// ownGroup has a command and all that it starts be told to end together, and not by who
// interrupts this program.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(cmd *exec.Cmd, interrupt bool) {
	s := syscall.SIGTERM
	if interrupt {
		s = syscall.SIGINT
	}
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, s) // it may have ended
	}
}

func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended
	}
}

// signalOf is the signal that ended a process, or 0.
func signalOf(err *exec.ExitError) int {
	if status, ok := err.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return int(status.Signal())
	}
	return 0
}
