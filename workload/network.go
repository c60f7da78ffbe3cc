package workload

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"

	"github.com/mlxstar/mlxstar"
)

// grantedNetwork lets a run connect to the hosts that it was granted, and listen nowhere.
type grantedNetwork struct {
	hosts []string // "name" for any port, or "name:port"

	mu     sync.Mutex
	solved map[string][]string // the names that an address was given for
}

var _ mlxstar.Network = (*grantedNetwork)(nil)

// networkOf gives what a job may reach; nil is nothing.
func networkOf(j *Job) mlxstar.Network {
	if len(j.Grants.Network) == 0 {
		return nil
	}
	return &grantedNetwork{hosts: j.Grants.Network, solved: map[string][]string{}}
}

// hostFits tells whether a grant is a host's name or number, maybe with a port.
func hostFits(grant string) bool {
	host, port, err := net.SplitHostPort(grant)
	if err != nil {
		host, port = grant, "1"
	}
	_, err = net.LookupPort("tcp", port)
	return err == nil && host != "" && (net.ParseIP(host) != nil || !strings.ContainsAny(host, "/:*? "))
}

// granted tells whether a name may be connected to, at a port or, if that is "", at any.
func (g *grantedNetwork) granted(host, port string) bool {
	for _, grant := range g.hosts {
		name, only, err := net.SplitHostPort(grant)
		if err != nil {
			name, only = grant, ""
		}
		if strings.EqualFold(name, host) && (only == "" || port == "" || only == port) {
			return true
		}
	}
	return false
}

// Dial connects to a host that was granted, or to an address that LookupHost gave for one.
func (g *grantedNetwork) Dial(ctx context.Context, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	names := append([]string{host}, g.solved[host]...)
	g.mu.Unlock()
	for _, name := range names {
		if g.granted(name, port) {
			return mlxstar.SystemNetwork().Dial(ctx, address)
		}
	}
	return nil, fmt.Errorf("connect to %s: %w", address, os.ErrPermission)
}

// Listen is refused.
func (g *grantedNetwork) Listen(_ context.Context, address string) (net.Listener, error) {
	return nil, fmt.Errorf("listen at %s: %w", address, os.ErrPermission)
}

// LookupHost gives the addresses of a host that was granted.
func (g *grantedNetwork) LookupHost(ctx context.Context, host string) ([]string, error) {
	if !g.granted(host, "") {
		return nil, fmt.Errorf("look up %s: %w", host, os.ErrPermission)
	}
	found, err := mlxstar.SystemNetwork().LookupHost(ctx, host)
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, address := range found {
		g.solved[address] = append(g.solved[address], host)
	}
	return found, err
}
