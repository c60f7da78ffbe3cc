package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// settings are what a process is told: variables, and variables that name files with
// texts.
type settings struct{ env, files []string }

// firstPort is where processes listen from, if nothing else is said.
const firstPort = 32323

// tell gives the settings of each process, by backend. mpirun tells its processes itself.
var tell = map[string]func(j *Job) ([]settings, error){
	"ring": ring, "nccl": nccl, "jaccl": jaccl, "jaccl-ring": jaccl,
}

// Backends are the names that Job.Backend may have.
func Backends() []string { return []string{"ring", "mpi", "nccl", "jaccl", "jaccl-ring"} }

// RingFile is the file that tells a ring's processes where they listen.
func (j *Job) RingFile() (string, error) {
	nodes := make([][]string, len(j.Hosts))
	ports, err := j.ports()
	if err != nil {
		return "", err
	}
	for rank := range j.Hosts {
		for _, ip := range j.Hosts[rank].addresses() {
			for range max(j.PerIP, 1) {
				nodes[rank] = append(nodes[rank], net.JoinHostPort(ip, strconv.Itoa(ports[0])))
				ports = ports[1:]
			}
		}
	}
	text, err := json.Marshal(nodes)
	return string(text), err
}

// ports gives as many ports as the processes listen at.
func (j *Job) ports() ([]int, error) {
	count, here := 0, true
	for i := range j.Hosts {
		count += len(j.Hosts[i].addresses()) * max(j.PerIP, 1)
		here = here && j.Hosts[i].local()
	}
	ports := make([]int, count)
	if j.Port == 0 && here {
		for i := range ports {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			defer l.Close() // all are held until all are found
			ports[i] = l.Addr().(*net.TCPAddr).Port
		}
		return ports, nil
	}
	first := j.Port
	if first == 0 {
		first = firstPort
	}
	if first < 1 || first+count-1 > 65535 {
		return nil, fmt.Errorf("ports from %d on for %d connections: want them between 1 and 65535", first, count)
	}
	for i := range ports {
		ports[i] = first + i
	}
	return ports, nil
}

func ring(j *Job) ([]settings, error) {
	file := "" // of one process, as mlx.launch writes it
	if len(j.Hosts) > 1 {
		var err error
		if file, err = j.RingFile(); err != nil {
			return nil, err
		}
	}
	all := make([]settings, len(j.Hosts))
	for rank := range all {
		s := &all[rank]
		s.files = []string{"MLX_HOSTFILE=" + file}
		if j.Verbose {
			s.env = append(s.env, "MLX_RING_VERBOSE=1")
		}
	}
	return all, nil
}

func nccl(j *Job) ([]settings, error) {
	all := make([]settings, len(j.Hosts))
	for rank := range all {
		all[rank].env = []string{
			"NCCL_HOST_IP=" + j.Hosts[0].addresses()[0], fmt.Sprint("NCCL_PORT=", j.NCCLPort),
			fmt.Sprint("MLX_WORLD_SIZE=", len(all)), fmt.Sprint("CUDA_VISIBLE_DEVICES=", rank%max(j.PerHost, 1)),
		}
		if j.Verbose {
			all[rank].env = append(all[rank].env, "NCCL_DEBUG=INFO")
		}
	}
	return all, nil
}

func jaccl(j *Job) ([]settings, error) {
	devices := make([][]any, len(j.Hosts))
	for rank, h := range j.Hosts {
		if len(h.RDMA) != len(j.Hosts) || h.RDMA[rank] != nil {
			return nil, errors.New("jaccl wants a hostfile that gives each host the RDMA devices to all others, and null for itself")
		}
		devices[rank] = h.RDMA
	}
	text, err := json.Marshal(devices)
	if err != nil {
		return nil, err
	}
	port := j.Port
	if port == 0 {
		port = firstPort
	}
	all := make([]settings, len(j.Hosts))
	for rank := range all {
		s := &all[rank]
		s.files = []string{"MLX_IBV_DEVICES=" + string(text)}
		s.env = []string{"MLX_JACCL_COORDINATOR=" + net.JoinHostPort(j.Hosts[0].addresses()[0], strconv.Itoa(port))}
		if j.Backend == "jaccl-ring" {
			s.env = append(s.env, "MLX_JACCL_RING=1")
		}
	}
	return all, nil
}

// checkVariable takes a variable for processes apart.
func checkVariable(kv string) (name, value string, err error) {
	name, value, _ = strings.Cut(kv, "=")
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return "", "", fmt.Errorf("%q is no environment variable", kv)
	}
	return name, value, nil
}
