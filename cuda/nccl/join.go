package nccl

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar/cuda"
	"github.com/mlxstar/mlxstar/cuda/internal/driver"
	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
)

// The variables by which MLX's launcher tells a process what it is part of.
const (
	rankVariable    = "MLX_RANK"
	sizeVariable    = "MLX_WORLD_SIZE"
	hostVariable    = "NCCL_HOST_IP"
	portVariable    = "NCCL_PORT"
	timeoutVariable = "MLX_NCCL_TIMEOUT" // milliseconds
)

// joinTime is how long processes look for each other, as MLX has it.
const joinTime = 300 * time.Second

// library is what is called of NCCL.
type library interface {
	UniqueID() (driver.UniqueID, error)
	InitRank(size, rank int, id driver.UniqueID) (driver.Comm, error)
	Split(c driver.Comm, color, key int) (driver.Comm, error)
	Count(c driver.Comm) (int, error)
	UserRank(c driver.Comm) (int, error)
	Destroy(c driver.Comm) error
	Abort(c driver.Comm) error
	AsyncError(c driver.Comm) error
	GroupStart() error
	GroupEnd() error
	AllReduce(in, out driver.DevicePtr, count int, t driver.NCCLType, by driver.Reduction, c driver.Comm, s driver.Stream) error
	AllGather(in, out driver.DevicePtr, count int, t driver.NCCLType, c driver.Comm, s driver.Stream) error
	ReduceScatter(in, out driver.DevicePtr, count int, t driver.NCCLType, by driver.Reduction, c driver.Comm, s driver.Stream) error
	Send(in driver.DevicePtr, count int, t driver.NCCLType, peer int, c driver.Comm, s driver.Stream) error
	Recv(out driver.DevicePtr, count int, t driver.NCCLType, peer int, c driver.Comm, s driver.Stream) error
}

var _ library = (*driver.NCCL)(nil)

// Open makes a backend of the GPU that is this process's: of those that it sees, the one
// of its rank, and the first where no launcher of NCCL's started it.
func Open(poison *engine.Poison) (engine.Backend, error) {
	o := cuda.Options{Poison: poison, Wrap: true}
	if rank, err := strconv.Atoi(os.Getenv(rankVariable)); err == nil && rank >= 0 && os.Getenv(hostVariable) != "" {
		o.Index = rank
	}
	return cuda.OpenWith(o)
}

// Join takes part in the group that the launcher's variables tell of. It is a
// [distributed.Transport].
func Join(ctx context.Context, o *distributed.Options) (distributed.Group, error) {
	return join(ctx, o, func() (library, error) {
		link, err := driver.LinkNCCL(os.Getenv("MLXSTAR_CUDA_PATH"))
		if err != nil {
			return nil, err
		}
		return driver.LoadNCCL(link)
	})
}

// settings are what the variables say.
type settings struct {
	rank, size int
	address    string
	within     time.Duration
}

func read(o *distributed.Options) (s settings, err error) {
	number := func(name string, least, most int) (n int) {
		text, ok := o.Variable(name)
		n, bad := strconv.Atoi(strings.TrimSpace(text))
		switch {
		case err != nil:
		case !ok:
			err = fmt.Errorf("%s is not set", name)
		case bad != nil || n < least || n > most:
			err = fmt.Errorf("%s is %q, want a number from %d to %d", name, text, least, most)
		}
		return n
	}
	s.size = number(sizeVariable, 1, 1<<16)
	s.rank = number(rankVariable, 0, max(s.size-1, 0))
	port := number(portVariable, 1, 65535)
	s.within = joinTime
	if _, ok := o.Variable(timeoutVariable); ok {
		s.within = time.Duration(number(timeoutVariable, 1, 1<<30)) * time.Millisecond
	}
	host, _ := o.Variable(hostVariable)
	if host = strings.TrimSpace(host); err == nil && host == "" {
		err = fmt.Errorf("%s is not set: it is the address of rank 0", hostVariable)
	}
	s.address = net.JoinHostPort(host, strconv.Itoa(port))
	return s, err
}

// errLate is that of processes that do not all come.
var errLate = errors.New("the processes did not find each other in time, see " + timeoutVariable)

func join(ctx context.Context, o *distributed.Options, load func() (library, error)) (_ distributed.Group, err error) {
	s, err := read(o)
	if err != nil {
		return nil, err
	}
	if o.EnterGPU == nil {
		return nil, errors.New("it exchanges arrays on NVIDIA's GPUs, and this runtime has none")
	}
	w := &world{address: s.address, enter: o.EnterGPU, turn: make(chan struct{}, 1), pending: map[cuda.Pending]interest{}, done: make(chan struct{})}
	if w.lib, err = load(); err != nil {
		return nil, err
	}
	meeting := distributed.Meeting{
		Address: s.address, Rank: s.rank, Size: s.size, Within: s.within, TokenSize: len(driver.UniqueID{}),
		Token: func() ([]byte, error) {
			defer w.enter()()
			id, err := w.lib.UniqueID()
			return id[:], err
		},
	}
	ctx, stop := context.WithTimeoutCause(ctx, s.within, errLate)
	defer stop()
	var token []byte
	if w.star, token, err = distributed.Meet(ctx, o, meeting); err != nil {
		return nil, err
	}
	g := &group{world: w, whole: true, rank: s.rank, size: s.size}
	err = w.call(ctx, func() (err error) {
		g.comm, err = w.lib.InitRank(s.size, s.rank, driver.UniqueID(token))
		return err
	})
	w.star.Gathered()
	if err != nil {
		if more := w.star.Missing(); more != "" {
			err = fmt.Errorf("%w; %s", err, more)
		}
		w.star.Lose(distributed.LostTo(s.rank, err.Error()))
		return nil, errors.Join(err, w.star.Close())
	}
	w.groups = append(w.groups, g)
	w.gone.Go(w.watch)
	return g, nil
}
