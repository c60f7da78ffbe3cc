package monitor

import (
	"github.com/mlxstar/mlxstar/memory"
)

// Version is that of the interface: a client refuses another.
const Version = 1

// Source is what a monitor shows. Its methods may be called while scripts run, and
// answer soon.
type Source interface {
	// Status counts memory.
	Status() Status
	// Sites lists what each line of a script holds, those that hold most first.
	Sites() []Site
	// Owners tells who keeps arrays alive; nil if that is not known.
	Owners() *memory.Ownership
	// Profile is what has been recorded, nil if nothing is.
	Profile(trace bool) *memory.Profile
	// LastStep is the latest step that has ended, nil if none is recorded.
	LastStep() *memory.Strip
	// Cache tells of the memory that is kept for reuse.
	Cache() Cache
	// Record begins to record, or ends it.
	Record(on bool)
	// ClearCache gives memory that is kept for reuse back to the system.
	ClearCache()
	// ResetPeak forgets the peak.
	ResetPeak()
	// SetLimit sets the most bytes that may be active, 0 for no limit, and returns what
	// was set, which a ceiling of the host may have lowered.
	SetLimit(bytes int64) int64
}

// Status is a process's memory at one instant, in bytes.
type Status struct {
	Version   int     `json:"version"`
	PID       int     `json:"pid"`
	Command   string  `json:"command"`
	Seconds   float64 `json:"seconds"` // since the process's monitor began
	Active    int64   `json:"active"`
	Peak      int64   `json:"peak"`
	Cache     int64   `json:"cache"`
	Limit     int64   `json:"limit"` // 0 for none
	Buffers   int64   `json:"buffers"`
	Resident  int64   `json:"resident"`
	Running   bool    `json:"running"`   // a script runs, and does not sleep
	Recording bool    `json:"recording"` // where memory goes is recorded
	Step      int     `json:"step"`      // of the recording
	PeakStep  int     `json:"peak_step"` // in which its peak was

	Pool  PoolStatus   `json:"pool"`
	Group *GroupStatus `json:"group,omitempty"` // of processes that it is one of, once it has joined them
}

// GroupStatus is a process's place among those that compute together.
type GroupStatus struct {
	Name string `json:"name"` // the same for all of them
	Rank int    `json:"rank"`
	Size int    `json:"size"`
}

// Cache is the memory that is kept for reuse.
type Cache struct {
	Bytes    int64       `json:"bytes"`    // which clearing it would return
	Slack    int64       `json:"slack"`    // of these, ends of blocks whose beginnings are in use
	Limit    int64       `json:"limit"`    // the most that is kept
	Hits     int64       `json:"hits"`     // buffers served from it
	Misses   int64       `json:"misses"`   // buffers that needed new memory
	Cut      int64       `json:"cut"`      // of these, those that were cut from a larger block
	Returned int64       `json:"returned"` // blocks given back to the system
	Sizes    []FreeSizes `json:"sizes"`    // the free blocks, by size
}

// FreeSizes are the free blocks of sizes from half of Below to less than it.
type FreeSizes struct {
	Below  int64 `json:"below"` // a power of two
	Blocks int64 `json:"blocks"`
	Bytes  int64 `json:"bytes"`
}

// PoolStatus tells how well memory is used again.
type PoolStatus struct {
	Hits   int64 `json:"hits"`   // buffers served from the cache
	Misses int64 `json:"misses"` // buffers that needed new memory
}

// Site is what the arrays that one line made hold.
type Site struct {
	Where  string `json:"where"` // file:line; "" for lines that are not known, and small arrays that nobody records
	Bytes  int64  `json:"bytes"`
	Arrays int64  `json:"arrays"`
	// The rest is known while it is recorded.
	PeakBytes int64  `json:"peak_bytes,omitempty"`
	Allocated int64  `json:"allocated,omitempty"` // bytes since the recording began
	Growth    int64  `json:"growth_per_step,omitempty"`
	Growing   bool   `json:"growing,omitempty"`
	Age       int    `json:"age,omitempty"`     // steps since its oldest live array was made
	Largest   string `json:"largest,omitempty"` // what its largest arrays are
}
