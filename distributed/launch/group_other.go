//go:build !unix

package launch

import "os/exec"

func ownGroup(*exec.Cmd) {}

// signalGroup ends the process: there are no signals that it could be asked by.
func signalGroup(cmd *exec.Cmd, _ bool) { killGroup(cmd) }

func killGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill() // it may have ended
	}
}

func signalOf(*exec.ExitError) int { return 0 }
