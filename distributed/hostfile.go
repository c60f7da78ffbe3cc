package distributed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
)

const (
	maxHostfile  = 1 << 24 // bytes
	maxProcesses = 1 << 16
	maxAddresses = 64 // of a process
)

// ParseRing reads the file that tells a ring's processes where they listen: a JSON list
// with a list of addresses, "host:port", for each rank. All have as many. A file
// without anything in it, as launchers write for a single process, has no rank.
func ParseRing(text []byte) ([][]string, error) {
	if len(text) > maxHostfile {
		return nil, fmt.Errorf("it has %d bytes, want at most %d", len(text), maxHostfile)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, nil
	}
	var nodes [][]string
	if err := json.Unmarshal(text, &nodes); err != nil {
		return nil, fmt.Errorf("want a JSON list of the lists of each rank's addresses: %w", err)
	}
	if len(nodes) > maxProcesses {
		return nil, fmt.Errorf("it lists %d processes, want at most %d", len(nodes), maxProcesses)
	}
	for rank, addresses := range nodes {
		if n := len(addresses); n == 0 || n > maxAddresses {
			return nil, fmt.Errorf("rank %d has %d addresses, want from 1 to %d", rank, n, maxAddresses)
		}
		if len(addresses) != len(nodes[0]) {
			return nil, fmt.Errorf("rank %d has %d addresses, and rank 0 %d: all ranks want as many", rank, len(addresses), len(nodes[0]))
		}
		for _, a := range addresses {
			if _, _, err := splitAddress(a); err != nil {
				return nil, fmt.Errorf("rank %d: %w", rank, err)
			}
		}
	}
	return nodes, nil
}

// splitAddress takes "host:port" apart.
func splitAddress(address string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(address)
	if err != nil {
		return "", "", fmt.Errorf("the address is %q, want host:port", address)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || strings.TrimSpace(host) == "" {
		return "", "", fmt.Errorf("the address is %q, want a host and a port from 1 to 65535", address)
	}
	return host, port, nil
}
