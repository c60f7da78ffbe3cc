package mlxstar

import (
	"io"
	"reflect"
	"time"

	"github.com/mlxstar/mlxstar/distributed"
	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/stdlib"
)

// Options configure a runtime. The zero value is a sandbox: no files, no
// environment, no output, the default memory limit.
type Options struct {
	// Args is sys.argv.
	Args []string
	// Stdin, Stdout and Stderr are the script's; nil is empty, and nowhere.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Terminal tells that Stdout is a terminal, so that progress bars redraw in
	// place; Color that colours may be written to it.
	Terminal, Color bool

	// Seed seeds mx.random.
	Seed uint64
	// MemoryLimit is the most bytes that arrays may take: 0 is 75% of the machine's
	// memory (or of the control group's), less than 0 is no limit. A limit that is
	// given is a ceiling: mx.set_memory_limit can lower it, and not raise it.
	MemoryLimit int64
	// HardMemoryLimit is the most bytes that the runtime's arrays and other values may
	// take together; 0 is no limit. What native code would allocate past it is refused
	// by a MemoryError, which can be caught. A script above it, or one that has used it up
	// but for less than a sixteenth and asks for no more than that, is ended and cannot
	// prevent it. While no other runtime is open in the process, all counts that Go's
	// heap has grown by since New; else what is found from the script's variables,
	// operands and generators, see docs/embedding.md.
	HardMemoryLimit int64
	// Memory, if not nil, is an account that several runtimes share: its limit binds
	// their sum.
	Memory *MemoryAccount
	// Threads is the number of worker threads of the CPU; 0 is one per core.
	Threads int
	// Device is "cpu", "gpu", or "" for the best there is. With "cpu" no GPU is
	// looked for.
	Device string
	// Rehearse runs no kernels: arrays are planned, given memory and let go of as
	// otherwise, the counters tell what a run would take, and elements are unspecified.
	// It wants Device "cpu". Package estimate is made with it.
	Rehearse bool
	// GPU opens a GPU; nil is that of a Mac through Metal, and none elsewhere.
	// [github.com/mlxstar/mlxstar/cuda.Open] does NVIDIA's. Arrays that a failure left
	// unwritten are told of by poison.
	GPU func(poison *engine.Poison) (engine.Backend, error)
	// Interruptible is how long a script may go on after its context ended. It then
	// gets a KeyboardInterrupt that it can catch, its finally clauses run, and a call
	// that catches it and returns has no error. What still runs after this time is
	// ended, and cannot prevent it. With 0 the end of the context is final at once.
	Interruptible time.Duration
	// StepLimit is the most bytecode steps of one Exec, Eval or Call; 0 is no limit.
	StepLimit uint64

	// Modules are what scripts may import besides Python's and MLX's, by dotted names such
	// as "host.db". They stand above modules of the same names in files.
	Modules map[string]Module
	// Methods finds the methods of Go objects that scripts get hold of, by their names in
	// scripts: ReflectMethods, or nil for none. It is a choice because a program that finds methods
	// by reflection has to keep those of all its types, a twelfth of its size.
	Methods func(object reflect.Value) map[string]reflect.Value

	// Files serves what scripts read, write and import; nil denies it. SystemFiles is the
	// machine's own, Dir a folder of it, ReadOnly whatever io/fs reads, and Mounts several
	// of them, each below a path.
	Files FileSystem
	// Network serves what scripts connect to and listen at; nil denies it. SystemNetwork is
	// the machine's own.
	Network Network
	// Transports are ways to reach other processes of mx.distributed besides the ring, by MLX's
	// names: [github.com/mlxstar/mlxstar/distributed/mpi.Join] is "mpi".
	Transports map[string]distributed.Transport
	// Ranks is a group that the runtime is one of, with the number Rank, whatever launchers'
	// variables say. A place in it is for one runtime, whose scripts join the group once.
	Ranks *Ranks
	Rank  int
	// Dir is the directory that relative paths of scripts start from.
	Dir string
	// Path is what sys.path lists after the script's own directory: folders, and ZIP
	// archives such as wheels, that import looks in. They are read through Files.
	Path []string
	// Clock tells scripts the time and lets them sleep; nil is the system's.
	Clock Clock
	// Random gives the bytes of os.urandom, secrets, and generators without a seed; nil
	// is the system's. mx.random starts from Seed.
	Random io.Reader
	// Monitor serves what is known of the runtime's memory on a socket of the process that
	// only its user can reach, for mlxstar top and its like. A process has one: the runtime
	// that was made last has it.
	Monitor bool
	// Trace, if not nil, is told of calls, imports and evaluations.
	Trace Tracer
	// MemoryRefused, if not nil, has the runtime record where memory goes, and is given that
	// whenever a memory limit refuses more: on the goroutine that runs the script, before
	// the script gets its MemoryError.
	MemoryRefused func(p *memory.Profile)
	// HostInfo tells scripts the process's id, the machine's processors and its
	// system. Without it os.getpid is 1, os.cpu_count the runtime's threads, and
	// sys.platform linux.
	HostInfo bool
	// Env holds the environment variables that scripts see, as "name=value".
	Env []string

	seat *distributed.Seat // that a process was given
}

// Clock tells and spends time.
type Clock = stdlib.Clock

// FileSystem is how scripts reach files. Names that it is asked for are absolute, or as
// the script wrote them where Options have no Dir. An error of package io/fs becomes
// Python's exception for it: FileNotFoundError, PermissionError.
type FileSystem = stdlib.FileSystem

// File is an open file of a FileSystem.
type File = stdlib.File

// Network is how scripts reach others.
type Network = stdlib.Network

// SystemNetwork is the machine's network, with the rights of the process.
func SystemNetwork() Network { return stdlib.HostNetwork{} }

// SystemFiles is the machine's file system, with the rights of the process.
func SystemFiles() FileSystem { return stdlib.HostFiles{} }
