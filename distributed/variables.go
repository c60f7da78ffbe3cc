package distributed

import (
	"fmt"
	"strconv"
	"strings"
)

// Any asks for whatever the launcher's variables are of.
const Any = "any"

// Backends are MLX's names for the ways in which processes reach each other.
var Backends = []string{Any, "ring", "mpi", "nccl", "jaccl"}

// The variables by which launchers tell a process what it is part of.
const (
	rankVariable     = "MLX_RANK"
	hostfileVariable = "MLX_HOSTFILE"
)

// launchers lists for each backend the variables of its launchers. A process that has
// one of them was started as one of several.
var launchers = []struct {
	backend   string
	variables []string
	count     bool // the variable holds the number of processes, and 1 is no group
}{
	{"ring", []string{hostfileVariable}, false},
	{"nccl", []string{"MLX_WORLD_SIZE", "NCCL_HOST_IP", "NCCL_PORT"}, false},
	{"jaccl", []string{"MLX_JACCL_COORDINATOR", "MLX_IBV_DEVICES"}, false},
	{"mpi", []string{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}, true},
}

// asked is the backend whose launcher's variables are set, with those, or "" for none.
// The variables of the wanted one count before those of others.
func asked(o *Options, wanted string) (backend string, set []string) {
	for _, l := range launchers {
		var found []string
		for _, name := range l.variables {
			value, ok := o.Variable(name)
			if n, err := strconv.Atoi(value); ok && !(l.count && err == nil && n <= 1) {
				found = append(found, name)
			}
		}
		if len(found) > 0 && (backend == "" || l.backend == wanted) {
			backend, set = l.backend, found
		}
	}
	if backend == "" {
		if _, ok := o.Variable(rankVariable); ok {
			return "ring", []string{rankVariable} // which a launcher sets with others
		}
	}
	return backend, set
}

// rank is this process's number.
func rank(o *Options) (int, error) {
	text, ok := o.Variable(rankVariable)
	if !ok {
		return 0, fmt.Errorf("%s is not set", rankVariable)
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is %q, want a number from 0 on", rankVariable, text)
	}
	return n, nil
}

// seconds reads a variable that holds a time, which 0 makes unlimited.
func seconds(o *Options, name string, otherwise float64) (float64, error) {
	text, ok := o.Variable(name)
	if !ok || text == "" {
		return otherwise, nil
	}
	s, err := strconv.ParseFloat(text, 64)
	if err != nil || s < 0 || s > 1e9 {
		return 0, fmt.Errorf("%s is %q, want seconds", name, text)
	}
	return s, nil
}
