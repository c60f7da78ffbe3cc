package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

const maxProcesses = 1 << 12

// Hostfile is what a hostfile of mlx.launch holds.
type Hostfile struct {
	Hosts   []Host
	Backend string
	Env     []string
}

// ParseHostfile reads a JSON list of hosts, or an object with the keys hosts, backend and
// envs. A host has the keys ssh, ips and rdma, of which ssh must be there.
func ParseHostfile(text []byte) (*Hostfile, error) {
	type host struct {
		SSH  *string  `json:"ssh"`
		IPs  []string `json:"ips"`
		RDMA []any    `json:"rdma"`
	}
	var all struct {
		Backend string   `json:"backend"`
		Envs    []string `json:"envs"`
		Hosts   []host   `json:"hosts"`
	}
	into := any(&all)
	if strings.HasPrefix(strings.TrimSpace(string(text)), "[") {
		into = &all.Hosts
	}
	if err := json.Unmarshal(text, into); err != nil {
		return nil, fmt.Errorf("want a JSON list of hosts, or an object with one: %w", err)
	}
	if n := len(all.Hosts); n == 0 || n > maxProcesses {
		return nil, fmt.Errorf("it lists %d hosts, want from 1 to %d", n, maxProcesses)
	}
	f := &Hostfile{Backend: all.Backend, Env: all.Envs}
	for i, h := range all.Hosts {
		if h.SSH == nil || *h.SSH == "" || strings.HasPrefix(*h.SSH, "-") {
			return nil, fmt.Errorf("host %d has no name for ssh", i)
		}
		f.Hosts = append(f.Hosts, Host{*h.SSH, h.IPs, h.RDMA})
	}
	return f, nil
}

// ParseHosts reads names of hosts with commas between them, each of which runs so many
// processes.
func ParseHosts(list string, each int) ([]Host, error) {
	if each < 1 {
		return nil, fmt.Errorf("got %d processes on each host, want at least 1", each)
	}
	var hosts []Host
	for _, name := range strings.Split(list, ",") {
		switch {
		case name == "":
			return nil, errors.New("a host's name is empty")
		case strings.HasPrefix(name, "-"):
			return nil, fmt.Errorf("got %q, want a host's name", name)
		}
		h := Host{SSH: name}
		if _, err := netip.ParseAddr(name); err == nil {
			h.IPs = []string{name}
		}
		for range each {
			hosts = append(hosts, h)
		}
		if len(hosts) > maxProcesses {
			return nil, fmt.Errorf("there are more than %d processes", maxProcesses)
		}
	}
	return hosts, nil
}
