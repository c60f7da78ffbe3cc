package workload

import (
	"time"

	"github.com/mlxstar/mlxstar"
)

// The types of this file are the schema. A field's `key` is its name in a configuration,
// `doc` what the reference says, `one` the values that it may have, `min` the least number.

// Config is a file of jobs.
type Config struct {
	Version     int             `key:"version" min:"1" doc:"version of the schema; 1 is the only one"`
	Memory      Size            `key:"memory" doc:"what all runs together may take for arrays; 75% of the machine's memory if not given"`
	Concurrency int             `key:"concurrency" min:"1" doc:"the most runs at once; the number of processors if not given"`
	State       string          `key:"state" doc:"folder of records, of results that other jobs need, and of what is known of needs; .mlxstar beside the file if not given"`
	Defaults    Job             `key:"defaults" doc:"what jobs have that do not say otherwise; tables are merged key by key"`
	Jobs        map[string]*Job `key:"jobs" doc:"the jobs, by name"`
	Serve       Serve           `key:"serve" doc:"the server's options, for mlxstar serve"`

	// Path is the file, Dir the folder that relative paths start from.
	Path, Dir string
	// Order lists the jobs' names as in the file.
	Order []string

	places map[string]Place // of keys, by their paths
}

// Job is a script and all that is said of its runs.
type Job struct {
	Name        string            // its key in Config.Jobs
	Description string            `key:"description" doc:"what the job is for"`
	Script      string            `key:"script" doc:"path of the script; one of script, code and module is needed"`
	Code        string            `key:"code" doc:"the script itself"`
	Module      string            `key:"module" doc:"dotted name of a module beside the file"`
	Entry       string            `key:"entry" doc:"function to call once the script has run; its result is the job's. Without it the whole file is the job"`
	Args        []any             `key:"args" doc:"arguments of entry; \"$name\" is the input of that name, \"$$\" begins a dollar sign. Without args and kwargs entry gets all inputs by name"`
	Kwargs      map[string]any    `key:"kwargs" doc:"arguments of entry by name; as args"`
	Argv        []string          `key:"argv" doc:"sys.argv after the script's name"`
	Inputs      map[string]Input  `key:"inputs" doc:"what comes in, by name: for the whole file as variables, for entry as arguments"`
	Outputs     map[string]Output `key:"outputs" doc:"what goes out, by a name of its own"`
	Grants      Grants            `key:"grants" doc:"what the script may reach, and nothing else"`
	Limits      Limits            `key:"limits" doc:"what a run may take"`
	Device      string            `key:"device" one:"cpu gpu" doc:"cpu or gpu; the best there is if not given, and cpu in a process"`
	Seed        uint64            `key:"seed" doc:"seed of mx.random"`
	Retries     Retries           `key:"retries" doc:"what is done about runs that fail"`
	Ranks       int               `key:"ranks" min:"1" doc:"how many run the script together, each as a process with these limits, as the group of mx.distributed.init; rank 0's results are the run's. 1 if not given"`
	Concurrency int               `key:"concurrency" min:"1" doc:"the most runs of this job at once; no bound of its own if not given"`
	Needs       []string          `key:"needs" doc:"jobs that must have succeeded first; those of inputs' from count by themselves"`
	Priority    int               `key:"priority" doc:"who goes first when runs wait: higher numbers; 0 if not given"`
	Tenant      string            `key:"tenant" doc:"who the run is for: those that wait with equal priority take turns by tenants"`
	Schedule    string            `key:"schedule" doc:"when to run: five fields of cron, or @hourly, @daily, @every 10m"`
	Timezone    string            `key:"timezone" doc:"of schedule, such as Europe/Berlin; UTC if not given"`
	Watch       []string          `key:"watch" doc:"patterns of files: the job runs when one changes"`
	Thresholds  []Threshold       `key:"thresholds" doc:"conditions on metrics, such as \"peak < 200MiB\" or \"loss_p95 <= 0.5\"; one that fails fails the job"`
	Isolation   string            `key:"isolation" one:"process none" doc:"process, or none to run in the command's own; process if not given"`
	Profile     *bool             `key:"profile" doc:"whether records tell which lines held the memory; true if not given"`
}

// Input is something that comes in. It has one source.
type Input struct {
	Value       any    `key:"value" doc:"the value itself"`
	Env         string `key:"env" doc:"name of an environment variable"`
	Text        string `key:"text" doc:"path of a file, as a str"`
	JSON        string `key:"json" doc:"path of a JSON file"`
	JSONL       string `key:"jsonl" doc:"path of a file of a JSON value a line, as a list"`
	CSV         string `key:"csv" doc:"path of a CSV file with a header, as a dict of columns: arrays where all are numbers, else lists of str"`
	NPY         string `key:"npy" doc:"path of a .npy file, as an array"`
	NPZ         string `key:"npz" doc:"path of a .npz file, as a dict of arrays"`
	Safetensors string `key:"safetensors" doc:"path of a .safetensors file, as a dict of arrays"`
	Stdin       string `key:"stdin" one:"text json jsonl csv" doc:"standard input, read as one of text, json, jsonl, csv"`
	From        string `key:"from" doc:"name of a job, whose result it is; of a job that runs for each file, a list"`
	Each        bool   `key:"each" doc:"the path is a pattern: one run for each file. Without it a pattern gives a list"`
	Default     *any   `key:"default" doc:"what it is where the variable, or the file, does not exist"`
}

// Output is somewhere that something goes. It has one destination. Files are written under
// a temporary name and then renamed.
type Output struct {
	Of          string `key:"of" doc:"what: result, stdout, metrics, or the name of a variable; result if not given"`
	JSON        string `key:"json" doc:"path of a JSON file; arrays become lists"`
	CSV         string `key:"csv" doc:"path of a CSV file: a dict of columns, a list of dicts, or an array of two axes"`
	NPY         string `key:"npy" doc:"path of a .npy file: an array"`
	NPZ         string `key:"npz" doc:"path of a .npz file: a dict of arrays, or one, which is called arr_0"`
	Safetensors string `key:"safetensors" doc:"path of a .safetensors file: a dict of arrays, or one, which is called data"`
	Text        string `key:"text" doc:"path of a file: a str, or stdout"`
	Stdout      string `key:"stdout" one:"json text" doc:"the command's standard output, as json or text"`
}

// Grants are what a script may reach.
type Grants struct {
	Read    []string `key:"read" doc:"folders that may be read. Scripts see them below / by the paths that stand here, and the script's own folder as /"`
	Write   []string `key:"write" doc:"folders that may be read and written; as read"`
	Env     []string `key:"env" doc:"names of environment variables"`
	Clock   *bool    `key:"clock" doc:"whether the script sees the time; true if not given. Without it time stands still, for isolation none only"`
	Network []string `key:"network" doc:"hosts that may be connected to, as example.org or example.org:443; for isolation none only"`
}

// Limits are what a run may take; 0 is none.
type Limits struct {
	Memory  Size     `key:"memory" doc:"of arrays, which is also what the run is admitted by; what it is known to need if not given"`
	Hard    Size     `key:"hard" doc:"of arrays and other values together"`
	Time    Duration `key:"time" doc:"of one try"`
	CPU     Duration `key:"cpu" doc:"of a process's processor time"`
	Steps   uint64   `key:"steps" doc:"of bytecode"`
	Output  Size     `key:"output" doc:"of bytes written to standard output and error; 16MiB if not given"`
	Threads int      `key:"threads" min:"1" doc:"worker threads; one for each processor if not given"`
}

// Retries say what is done about runs that fail.
type Retries struct {
	Attempts   int      `key:"attempts" min:"1" doc:"how often to try in all; 1 if not given"`
	Backoff    Duration `key:"backoff" doc:"wait before the second try, doubled before each more; 1s if not given"`
	MaxBackoff Duration `key:"max_backoff" doc:"the longest wait; 1m if not given"`
	On         []string `key:"on" one:"error memory time crash" doc:"which failures: error, memory, time, crash; all if not given"`
}

// Serve are the options of the server.
type Serve struct {
	Listen   string   `key:"listen" doc:"address; 127.0.0.1:8080 if not given"`
	TokenEnv string   `key:"token_env" doc:"environment variable that holds the bearer token; without it any client may ask"`
	TLSCert  string   `key:"tls_cert" doc:"path of a certificate"`
	TLSKey   string   `key:"tls_key" doc:"path of its key"`
	Queue    int      `key:"queue" min:"1" doc:"how many requests may wait; 256 if not given"`
	MaxBody  Size     `key:"max_body" doc:"of a request; 64MiB if not given"`
	Drain    Duration `key:"drain" doc:"how long accepted runs may go on after SIGTERM; 1m if not given"`
}

// Size is a number of bytes.
type Size int64

// Duration is a time; in configurations a string such as 30s or 5m, or seconds.
type Duration time.Duration

func yes(b *bool) bool { return b == nil || *b }

// process tells whether the job runs in a process of its own.
func (j *Job) process() bool { return j.Isolation != "none" }

// each is which input of the job runs it for each file; "" is none.
func (j *Job) each() string {
	for name, in := range j.Inputs {
		if in.Each {
			return name
		}
	}
	return ""
}

// parents lists the jobs whose success is needed, without doubles.
func (j *Job) parents() []string {
	var out []string
	add := func(name string) {
		for _, x := range out {
			if x == name {
				return
			}
		}
		out = append(out, name)
	}
	for _, name := range j.Needs {
		add(name)
	}
	for _, name := range sortedKeys(j.Inputs) {
		if from := j.Inputs[name].From; from != "" {
			add(from)
		}
	}
	return out
}

// parseSize reads a size such as 200MiB.
func parseSize(s string) (Size, error) {
	n, err := mlxstar.ParseSize(s)
	return Size(n), err
}

// InputNames lists the job's inputs, sorted.
func (j *Job) InputNames() []string { return sortedKeys(j.Inputs) }

// Resolve gives a path of the configuration as the system knows it: relative ones start
// from the file's folder.
func (c *Config) Resolve(path string) string { return c.path(path) }
