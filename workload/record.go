package workload

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/mlxstar/mlxstar"
)

// Metric sums up what a run's script has reported under a name.
type Metric = mlxstar.Metric

// Record is what is known of a run. One is written as a line of JSON when the run ends.
type Record struct {
	Job     string `json:"job"`
	ID      string `json:"run"`
	File    string `json:"file,omitempty"`  // the one of many that it was for
	Index   int    `json:"index,omitempty"` // of that, from 0
	Tenant  string `json:"tenant,omitempty"`
	Attempt int    `json:"attempt"`
	// Status is ok, failed, refused (by the budget), skipped (a job that it needs failed),
	// done (before, with --resume) or canceled.
	Status    string    `json:"status"`
	Start     time.Time `json:"start"`
	Seconds   float64   `json:"seconds"`
	Waited    float64   `json:"waited"` // seconds for the budget
	Seed      uint64    `json:"seed"`
	Script    string    `json:"script"` // SHA-256 of its text
	Inputs    string    `json:"inputs"` // and of the inputs
	Isolation string    `json:"isolation"`
	// Peak is the most bytes that the run's arrays held at once, -1 if that is not known; of
	// a job of several ranks it is the sum of Ranks, what each of those held at most.
	// Reserved is what it was admitted by; Rehearsed what it kept of that once the peak of
	// its result was known, 0 if that was not less.
	Peak      int64              `json:"peak"`
	Ranks     []int64            `json:"ranks,omitempty"`
	Reserved  int64              `json:"reserved"`
	Rehearsed int64              `json:"rehearsed,omitempty"`
	Lines     []LineBytes        `json:"lines,omitempty"` // that held the most at the peak
	Metrics   map[string]float64 `json:"metrics,omitempty"`
	Outputs   []string           `json:"outputs,omitempty"`
	Error     *RunError          `json:"error,omitempty"`

	all map[string]Metric
}

// LineBytes is what a line of a script held.
type LineBytes struct {
	Where string `json:"where"`
	Bytes int64  `json:"bytes"`
}

// RunError is why a run failed.
type RunError struct {
	// Kind is error (of the script), memory, time, steps, output, crash (of the process),
	// interrupt, refused (more than the budget), busy (too many wait), or setup (inputs,
	// outputs and the configuration).
	Kind      string `json:"kind"`
	Type      string `json:"type,omitempty"` // of the exception
	Message   string `json:"message"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Function  string `json:"function,omitempty"`
	Traceback string `json:"traceback,omitempty"`
	Rank      *int   `json:"rank,omitempty"` // that failed, of a job of several
}

// journal keeps records in the state folder, and what is known from earlier runs.
type journal struct {
	mu    sync.Mutex
	dir   string
	lines *os.File
	needs map[string]int64 // peaks by what a run is, see needKey
}

const (
	recordsFile = "runs.jsonl"
	needsFile   = "needs.json"
)

// openJournal opens the folder. Without resume the records begin anew; the last ones are
// kept under another name.
func openJournal(dir string, resume bool) (*journal, []entry, error) {
	results := filepath.Join(dir, "results")
	if !resume {
		if err := os.RemoveAll(results); err != nil {
			return nil, nil, err
		}
	}
	if err := os.MkdirAll(results, 0o777); err != nil {
		return nil, nil, err
	}
	j := &journal{dir: dir, needs: map[string]int64{}}
	if data, err := os.ReadFile(filepath.Join(dir, needsFile)); err == nil {
		_ = json.Unmarshal(data, &j.needs) // what is not known is learned again
	}
	path := filepath.Join(dir, recordsFile)
	var before []entry
	if resume {
		before = readEntries(path)
	} else if err := os.Rename(path, path+".last"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, nil, err
	}
	var err error
	j.lines, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o666)
	if err != nil {
		return nil, nil, err
	}
	return j, before, j.endLine()
}

// endLine closes a line that a process which was killed left half.
func (j *journal) endLine() error {
	info, err := j.lines.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := j.lines.ReadAt(last, info.Size()-1); err != nil || last[0] == '\n' {
		return err
	}
	_, err = j.lines.Write([]byte("\n"))
	return err
}

// entry is a record with what --resume goes by.
type entry struct {
	Record
	// Key is of all that decides what the run does: the job's configuration, script and
	// inputs.
	Key    string `json:"key"`
	Result string `json:"result,omitempty"` // the file of the result, if another job needs it
}

// readEntries reads records. Lines that are none, as of a process that was killed, are
// passed over.
func readEntries(path string) []entry {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	var out []entry
	for len(data) > 0 {
		line := data
		for i, c := range data {
			if c == '\n' {
				line = data[:i]
				break
			}
		}
		data = data[min(len(line)+1, len(data)):]
		var e entry
		if json.Unmarshal(line, &e) == nil && e.Job != "" {
			out = append(out, e)
		}
	}
	return out
}

// write adds a record, which is on the disk when write returns.
func (j *journal) write(e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.rotate(); err != nil {
		return err
	}
	if _, err := j.lines.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.lines.Sync()
}

// maxRecords is the size in bytes at which records begin anew; the last ones are kept.
const maxRecords = 256 << 20

func (j *journal) rotate() error {
	info, err := j.lines.Stat()
	if err != nil || info.Size() < maxRecords {
		return err
	}
	path := filepath.Join(j.dir, recordsFile)
	if err := errors.Join(j.lines.Close(), os.Rename(path, path+".last")); err != nil {
		return err
	}
	j.lines, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o666)
	return err
}

// need is what a run of this kind took at most before; 0 if that is not known.
func (j *journal) need(key string) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.needs[key]
}

// maxNeeds bounds what is remembered of needs.
const maxNeeds = 10_000

// learn notes what a run took.
func (j *journal) learn(key string, peak int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if peak <= j.needs[key] {
		return
	}
	if len(j.needs) >= maxNeeds {
		j.needs = map[string]int64{}
	}
	j.needs[key] = peak
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	data, err := json.Marshal(j.needs)
	if err == nil {
		err = replaceFile(filepath.Join(j.dir, needsFile), data)
	}
	return errors.Join(err, j.lines.Close())
}

func hash(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		var n [8]byte
		for i := range n {
			n[i] = byte(len(p) >> (8 * i))
		}
		h.Write(n[:])
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))
}
