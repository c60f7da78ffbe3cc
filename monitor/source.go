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
	// Record begins to record, or ends it.
	Record(on bool)
	// ClearCache gives memory that is kept for reuse back to the system.
	ClearCache()
	// ResetPeak makes the peak what is active.
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

	Pool PoolStatus `json:"pool"`
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
	Largest   string `json:"largest,omitempty"` // what its largest arrays are
}
