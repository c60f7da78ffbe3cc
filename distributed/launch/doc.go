// Package launch starts the processes of a group: on this machine, or by ssh on others.
// It tells each which one it is by the variables of MLX's launcher, shows what they print,
// and ends all when one fails. Its hostfiles are those of mlx.launch.
package launch

// Job is what is to be started.
type Job struct {
	Hosts    []Host   // one for each process, in the order of ranks
	Backend  string   // ring, mpi, nccl, jaccl or jaccl-ring
	Command  []string // what each process runs
	Env      []string // "NAME=value", for all
	Dir      string   // where they run; "" is here, or the login directory if a host has no such
	Verbose  bool
	Raw      bool   // output is shown as it comes, without ranks before lines
	Secret   string // that the processes of a ring prove to each other, "" for none
	Port     int    // the first that they listen at; 0 takes free ones, where all are here
	PerIP    int    // connections over each address, at least 1
	NCCLPort int
	MPIArgs  []string // for mpirun
	PerHost  int      // processes that share a host's GPUs
}

// Host is where a process runs.
type Host struct {
	SSH  string   // the name that ssh knows it by
	IPs  []string // the addresses that the others reach it by
	RDMA []any    // names of devices, for jaccl
}

// local reports whether a process needs no ssh.
func (h *Host) local() bool { return h.SSH == "127.0.0.1" || h.SSH == "localhost" }

// addresses are where the others reach the host.
func (h *Host) addresses() []string {
	if len(h.IPs) > 0 {
		return h.IPs
	}
	if h.local() {
		return []string{"127.0.0.1"}
	}
	return []string{h.SSH}
}
