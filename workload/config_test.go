package workload

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// folder makes a folder with the files that the tests' configurations name.
func folder(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"train.py": "def main(x=1): return x\n", "data/a.txt": "a", "out/.keep": "",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const job = "[jobs.a]\nscript = \"train.py\"\n"

// wrong are configurations and what must be said of them: file and line, key, and message.
var wrong = []struct{ name, file, src, want string }{
	{"unknown key", "j.toml", job + "entr = 'main'\n", `j.toml:3:1: jobs.a.entr: unknown key; did you mean "entry"?`},
	{"unknown key of limits", "j.toml", job + "[jobs.a.limits]\nmemroy = '1GiB'\n", `j.toml:4:1: jobs.a.limits.memroy: unknown key; did you mean "memory"?`},
	{"unknown key of grants", "j.toml", job + "grants = { reads = [] }\n", `j.toml:3:12: jobs.a.grants.reads: unknown key; did you mean "read"?`},
	{"unknown key of retries", "j.toml", job + "[jobs.a.retries]\nattempt = 2\n", `j.toml:4:1: jobs.a.retries.attempt: unknown key; did you mean "attempts"?`},
	{"unknown key of an input", "j.toml", job + "inputs.x = { jsn = 'a' }\n", `j.toml:3:14: jobs.a.inputs.x.jsn: unknown key; did you mean "json"?`},
	{"unknown key of an output", "j.toml", job + "outputs.x = { yaml = 'a' }\n", `jobs.a.outputs.x.yaml: unknown key`},
	{"unknown key of the file", "j.toml", "memmory = 1\n" + job, `j.toml:1:1: memmory: unknown key; did you mean "memory"?`},
	{"unknown key of serve", "j.toml", job + "[serve]\nport = 80\n", `j.toml:4:1: serve.port: unknown key`},
	{"unknown key of defaults", "j.toml", "[defaults]\nsed = 1\n" + job, `j.toml:2:1: defaults.sed: unknown key; did you mean "seed"?`},
	{"job for jobs", "j.toml", "[job.a]\nscript = 'train.py'\n", `j.toml:1:2: job: unknown key; did you mean "jobs"?`},
	{"no jobs", "j.toml", "version = 1\n", `j.toml:1:1: jobs: is missing`},
	{"no job", "j.toml", "[jobs]\n", `jobs: has no job`},
	{"jobs is a list", "j.toml", "jobs = [1]\n", `j.toml:1:1: jobs: got a list, want a table`},
	{"a job is a string", "j.toml", "[jobs]\na = 'x'\n", `j.toml:2:5: jobs.a: got "x", want a table`},
	{"a job's name", "j.toml", "[jobs.\"a b\"]\nscript = 'train.py'\n", `jobs.a b: a job's name has letters`},
	{"nothing to run", "j.toml", "[jobs.a]\nseed = 1\n", `j.toml:1:7: jobs.a: has nothing to run`},
	{"two to run", "j.toml", job + "code = 'x = 1'\n", `jobs.a.script: stands beside code`},
	{"no such script", "j.toml", "[jobs.a]\nscript = 'trian.py'\n", `j.toml:2:1: jobs.a.script: no file trian.py; did you mean "train.py"?`},
	{"code that does not compile", "j.toml", "[jobs.a]\ncode = 'x = = 1'\n", `j.toml:2:1: jobs.a.code: SyntaxError`},
	{"args without entry", "j.toml", job + "args = [1]\n", `j.toml:3:1: jobs.a.args: stands without entry`},
	{"kwargs without entry", "j.toml", job + "kwargs = { n = 1 }\n", `j.toml:3:1: jobs.a.kwargs: stands without entry`},
	{"a reference to no input", "j.toml", job + "entry = 'main'\nargs = ['$rows']\ninputs.row = { value = 1 }\n", `j.toml:4:9: jobs.a.args[0]: no input "rows"; did you mean "row"?`},
	{"a module as a whole", "j.toml", "[jobs.a]\nmodule = 'pkg'\n", `j.toml:2:1: jobs.a.module: a module runs as a whole with isolation`},
	{"a seed below 0", "j.toml", job + "seed = -1\n", `j.toml:3:8: jobs.a.seed: got -1, want a whole number from 0`},
	{"a seed that is a string", "j.toml", job + "seed = 'x'\n", `j.toml:3:8: jobs.a.seed: got "x", want a whole number`},
	{"a device", "j.toml", job + "device = 'gpo'\n", `j.toml:3:10: jobs.a.device: got "gpo", want cpu, gpu; did you mean "gpu"?`},
	{"a gpu in a process", "j.toml", job + "device = 'gpu'\n", `j.toml:3:1: jobs.a.device: a process has the processor only`},
	{"an isolation", "j.toml", job + "isolation = 'proces'\n", `jobs.a.isolation: got "proces", want process, none; did you mean "process"?`},
	{"concurrency of 0", "j.toml", job + "concurrency = 0\n", `j.toml:3:15: jobs.a.concurrency: got 0, want at least 1`},
	{"a size", "j.toml", job + "limits.memory = 'much'\n", `j.toml:3:17: jobs.a.limits.memory: got "much", want a size such as 200MiB`},
	{"a size below 0", "j.toml", job + "limits.memory = -5\n", `jobs.a.limits.memory: got -5, want at least 0`},
	{"a size that is a boolean", "j.toml", job + "limits.hard = true\n", `jobs.a.limits.hard: got true, want a size`},
	{"a time", "j.toml", job + "limits.time = '5 parsecs'\n", `jobs.a.limits.time: got "5 parsecs", want a time such as 30s`},
	{"a time that is a list", "j.toml", job + "limits.time = [1]\n", `jobs.a.limits.time: got a list, want a time`},
	{"memory above hard", "j.toml", job + "limits = { memory = '2GiB', hard = '1GiB' }\n", `j.toml:3:12: jobs.a.limits.memory: is more than limits.hard`},
	{"cpu without a process", "j.toml", job + "isolation = 'none'\nlimits.cpu = '1s'\n", `j.toml:4:8: jobs.a.limits.cpu: holds a process only`},
	{"threads of 0", "j.toml", job + "limits.threads = 0\n", `jobs.a.limits.threads: got 0, want at least 1`},
	{"steps that are a float", "j.toml", job + "limits.steps = 1.5\n", `jobs.a.limits.steps: got 1.5, want a whole number from 0`},
	{"needs a job that is not", "j.toml", job + "needs = ['b']\n", `j.toml:3:10: jobs.a.needs[0]: no job "b"`},
	{"needs itself", "j.toml", job + "needs = ['a']\n", `j.toml:3:1: jobs.a.needs: the job needs itself: a needs a`},
	{"a cycle", "j.toml", job + "needs = ['b']\n[jobs.b]\ncode = 'x=1'\nneeds = ['a']\n", `the job needs itself: a needs b needs a`},
	{"an input without source", "j.toml", job + "inputs.x = {}\n", `j.toml:3:8: jobs.a.inputs.x: has no source`},
	{"an input of two sources", "j.toml", job + "inputs.x = { json = 'a', csv = 'b' }\n", `jobs.a.inputs.x.csv: stands beside json`},
	{"an input's name", "j.toml", job + "inputs.'x-y' = { value = 1 }\n", `jobs.a.inputs.x-y: an input's name is a variable's`},
	{"an input from no job", "j.toml", job + "inputs.x = { from = 'A1' }\n", `j.toml:3:14: jobs.a.inputs.x.from: no job "A1"`},
	{"each without files", "j.toml", job + "inputs.x = { value = 1, each = true }\n", `jobs.a.inputs.x.each: stands without the path of files`},
	{"each twice", "j.toml", job + "inputs.x = { npy = '*.npy', each = true }\ninputs.y = { npy = '*.npy', each = true }\n", `j.toml:4:29: jobs.a.inputs.y.each: stands in the input x already`},
	{"stdin's format", "j.toml", job + "inputs.x = { stdin = 'yaml' }\n", `jobs.a.inputs.x.stdin: got "yaml", want text, json, jsonl, csv`},
	{"an output without destination", "j.toml", job + "outputs.x = { of = 'stdout' }\n", `j.toml:3:9: jobs.a.outputs.x: has no destination`},
	{"an output of two destinations", "j.toml", job + "outputs.x = { of = 'stdout', json = 'a', text = 'b' }\n", `jobs.a.outputs.x.text: stands beside json`},
	{"the result of a whole file", "j.toml", job + "outputs.x = { json = 'a' }\n", `jobs.a.outputs.x.json: the whole file has no result`},
	{"a brace", "j.toml", job + "entry='main'\noutputs.x = { json = '{stme}.json' }\n", `jobs.a.outputs.x.json: got {stme}, want {job}, {run}, {stem} or {index}; did you mean "stem"?`},
	{"one file for many runs", "j.toml", job + "entry='main'\ninputs.x = { npy = '*.npy', each = true }\noutputs.x = { json = 'a.json' }\n", `j.toml:5:15: jobs.a.outputs.x.json: is one file for all runs`},
	{"a network", "j.toml", job + "grants.network = ['example.org']\n", `j.toml:3:8: jobs.a.grants.network: a process has no network; want isolation = "none"`},
	{"a host", "j.toml", job + "isolation = 'none'\ngrants.network = ['http://example.org']\n", `j.toml:4:19: jobs.a.grants.network[0]: got "http://example.org", want a host such as example.org`},
	{"a folder that is not", "j.toml", job + "grants.read = ['dat']\n", `j.toml:3:16: jobs.a.grants.read[0]: no folder dat`},
	{"a folder twice", "j.toml", job + "grants = { read = ['data'], write = ['./data'] }\n", `j.toml:3:38: jobs.a.grants.write[0]: the path /data is granted twice`},
	{"no clock for a process", "j.toml", job + "grants.clock = false\n", `jobs.a.grants.clock: a process sees the time`},
	{"a schedule", "j.toml", job + "schedule = '61 * * * *'\n", `j.toml:3:1: jobs.a.schedule: got "61 * * * *", want five fields of cron`},
	{"a time zone", "j.toml", job + "schedule = '@daily'\ntimezone = 'Mars/Base'\n", `j.toml:4:1: jobs.a.timezone: got "Mars/Base", want a time zone`},
	{"a time zone alone", "j.toml", job + "timezone = 'UTC'\n", `jobs.a.timezone: stands without schedule`},
	{"a pattern", "j.toml", job + "watch = ['[']\n", `j.toml:3:10: jobs.a.watch[0]: got "[", want a pattern`},
	{"a threshold without operator", "j.toml", job + "thresholds = ['peak 3']\n", `j.toml:3:15: jobs.a.thresholds[0]: got "peak 3", want a metric`},
	{"a threshold's number", "j.toml", job + "thresholds = ['peak < big']\n", `jobs.a.thresholds[0]: got "big", want a number`},
	{"a threshold's operator", "j.toml", job + "thresholds = ['peak =< 3']\n", `jobs.a.thresholds[0]: got the operator "="`},
	{"retries on what", "j.toml", job + "retries.on = ['crsh']\n", `jobs.a.retries.on[0]: got "crsh", want error, memory, time, crash; did you mean "crash"?`},
	{"a version", "j.toml", "version = 2\n" + job, `j.toml:1:1: version: got 2, want 1`},
	{"half of TLS", "j.toml", job + "[serve]\ntls_cert = 'a'\n", `j.toml:3:2: serve: tls_cert and tls_key are needed together`},
	{"TOML's syntax", "j.toml", job + "entry = \n", `j.toml:3:`},
	{"a key twice", "j.toml", job + "seed = 1\nseed = 2\n", `j.toml:4:`},
	{"no format", "j.conf", job, `j.conf: the ending of the file's name says no format`},
	{"JSON's syntax", "j.json", "{\n  \"jobs\": {\n    \"a\" 1}}", `j.json:3:`},
	{"JSON's unknown key", "j.json", "{\n \"jobs\": {\n  \"a\": {\"script\": \"train.py\",\n   \"neds\": []}}}", `j.json:4:4: jobs.a.neds: unknown key; did you mean "needs"?`},
	{"JSON's key twice", "j.json", "{\"jobs\": {},\n \"jobs\": {}}", `j.json:2:2: jobs: the key occurs twice`},
	{"JSON that ends", "j.json", "{\"jobs\": {", `j.json:1:`},
	{"YAML's syntax", "j.yaml", "jobs:\n  a: [1\n", `j.yaml:2:`},
	{"YAML's unknown key", "j.yaml", "jobs:\n  a:\n    script: train.py\n    limits:\n      tiem: 3s\n", `j.yaml:5:7: jobs.a.limits.tiem: unknown key; did you mean "time"?`},
	{"YAML's wrong type", "j.yml", "jobs:\n  a:\n    script: [train.py]\n", `j.yml:3:13: jobs.a.script: got a list, want a string`},
	{"YAML's key twice", "j.yaml", "jobs:\n  a:\n    seed: 1\n    seed: 2\n", `j.yaml:4:5: seed: the key occurs twice`},
	{"YAML's indentation", "j.yaml", "jobs:\n  a:\n    seed: 1\n   x: 2\n", `j.yaml:2: in what begins here: did not find expected key`},
	{"YAML's mapping", "j.yaml", "jobs:\n  a: b: c\n", `j.yaml:2: mapping values are not allowed`},
	{"YAML's documents", "j.yaml", "jobs: {}\n---\njobs: {}\n", `j.yaml:2:1: a second document`},
	{"YAML's tag", "j.yaml", "jobs:\n  a: !secret x\n", `j.yaml:2:6: tags such as !secret`},
	{"YAML's loop", "j.yaml", "jobs: &j\n  a: *j\n", `j.yaml:2:6: the alias j stands in what it names`},
	{"YAML's alias", "j.yaml", "jobs:\n  a: *base\n", `j.yaml:2:6: `},
	{"Starlark's syntax", "j.star", "job(name='a',\n  script='train.py'", `j.star:2:`},
	{"Starlark's unknown key", "j.star", "job(name='a',\n    script='train.py',\n    entrie='main')\n", `j.star:3:5: jobs.a.entrie: unknown key; did you mean "entry"?`},
	{"Starlark's name", "j.star", "\njob(script='train.py')\n", `j.star:2:4: jobs: job() needs a name`},
	{"Starlark's job twice", "j.star", "job(name='a', script='train.py')\njob(name='a', script='train.py')\n", `j.star:2:5: jobs.a: the job occurs twice`},
	{"Starlark's undefined name", "j.star", "x = 1\njobb(name='a')\n", `j.star:2:1: undefined: jobb`},
	{"Starlark that fails", "j.star", "x = 1 // 0\n", `j.star:1:7: `},
	{"Starlark's values", "j.star", "job(name='a', script='train.py',\n  args=[len])\n", `j.star:2:3: args: got a value of type builtin`},
}

func TestWrongConfigurations(t *testing.T) {
	dir := folder(t)
	if len(wrong) < 60 {
		t.Fatalf("%d cases, want 60", len(wrong))
	}
	for _, c := range wrong {
		_, err := Parse(filepath.Join(dir, c.file), []byte(c.src), Overrides{})
		var all ConfigErrors
		if !errors.As(err, &all) {
			t.Errorf("%s: got %v, want errors of the configuration", c.name, err)
			continue
		}
		text := strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")
		if !strings.Contains(text, c.want) {
			t.Errorf("%s: got\n  %s\nwant\n  %s", c.name, text, c.want)
		}
		for _, e := range all {
			if e.Place.Line == 0 && c.file != "j.conf" {
				t.Errorf("%s: no line in %s", c.name, e)
			}
		}
	}
}

// All that is wrong is said at once, in the order of the lines.
func TestAllErrorsAtOnce(t *testing.T) {
	_, err := Parse(filepath.Join(folder(t), "j.toml"), []byte("[jobs.a]\nscript='train.py'\nsed=1\nlimits.time='x'\n[jobs.b]\nentri=1\n"), Overrides{})
	var all ConfigErrors
	if !errors.As(err, &all) || len(all) != 3 || all[0].Place.Line != 3 || all[1].Place.Line != 4 || all[2].Place.Line != 6 {
		t.Errorf("got %v", err)
	}
}

func TestOverrides(t *testing.T) {
	path := filepath.Join(folder(t), "j.toml")
	src := []byte("[jobs.train-it]\nscript = 'train.py'\nseed = 1\nlimits = { memory = '1MiB', steps = 5 }\n")
	c, err := Parse(path, src, Overrides{
		Env: []string{"MLXSTAR_JOB_TRAIN_IT__LIMITS__MEMORY=2MiB", "MLXSTAR_JOB_TRAIN_IT__SEED=2", "PATH=/bin"},
		Set: []string{"train-it.seed=3", "train-it.needs=[]", "train-it.entry=main"},
	})
	if err != nil {
		t.Fatal(err)
	}
	j := c.Jobs["train-it"]
	if j.Limits.Memory != 2<<20 || j.Limits.Steps != 5 || j.Seed != 3 || j.Entry != "main" {
		t.Errorf("got %+v", j)
	}
	for _, x := range []struct {
		over Overrides
		want string
	}{
		{Overrides{Env: []string{"MLXSTAR_JOB_TRAIN_IT__SEEED=1"}}, `MLXSTAR_JOB_TRAIN_IT__SEEED: jobs.train-it.seeed: unknown key; did you mean "seed"?`},
		{Overrides{Env: []string{"MLXSTAR_JOB_TRIAN_IT__SEED=1"}}, `no job "trian_it"; did you mean "train-it"?`},
		{Overrides{Set: []string{"train-it.seed=x"}}, `--set train-it.seed: jobs.train-it.seed: got "x", want a whole number`},
		{Overrides{Set: []string{"train-it"}}, `want NAME.KEY=VALUE`},
	} {
		if _, err := Parse(path, src, x.over); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("got %v, want %s", err, x.want)
		}
	}
}

// The same configuration in each format.
func TestFormatsAgree(t *testing.T) {
	dir := folder(t)
	sources := map[string]string{
		"j.toml": `
memory = "1GiB"
[defaults]
limits = { time = 30, steps = 100 }
[defaults.inputs.level]
value = 3
[jobs.a]
script = "train.py"
entry = "main"
args = [1, 2.5, "$x", [true, "s"]]
limits.memory = "2MiB"
[jobs.a.inputs.x]
value = { k = [1, 2] }
[jobs.b]
script = "train.py"
needs = ["a"]
thresholds = ["peak < 1MiB", "loss_p95 <= 0.5"]
grants = { clock = true }
[serve]
queue = 7
`,
		"j.yaml": `
memory: 1GiB
defaults:
  limits: {time: 30, steps: 100}
  inputs:
    level: {value: 3}
jobs:
  a: &a
    script: train.py
    entry: main
    args: [1, 2.5, $x, [true, s]]
    limits:
      memory: 2MiB
    inputs:
      x:
        value: {k: [1, 2]}
  b:
    script: train.py
    needs: [a]
    thresholds:
    - peak < 1MiB
    - loss_p95 <= 0.5
    grants: {clock: true}
serve: {queue: 7}
`,
		"j.json": `{"memory": "1GiB", "defaults": {"limits": {"time": 30, "steps": 100}, "inputs": {"level": {"value": 3}}},
 "jobs": {"a": {"script": "train.py", "entry": "main", "args": [1, 2.5, "$x", [true, "s"]], "limits": {"memory": "2MiB"},
   "inputs": {"x": {"value": {"k": [1, 2]}}}},
  "b": {"script": "train.py", "needs": ["a"], "thresholds": ["peak < 1MiB", "loss_p95 <= 0.5"], "grants": {"clock": true}}},
 "serve": {"queue": 7}}`,
		"j.star": `
config(memory = "1GiB")
defaults(limits = {"time": 30, "steps": 100}, inputs = {"level": {"value": 3}})
job(name = "a", script = "train.py", entry = "main", args = [1, 2.5, "$x", [True, "s"]],
    limits = dict(memory = "2MiB"), inputs = {"x": {"value": {"k": [i + 1 for i in range(2)]}}})
job(name = "b", script = "train.py", needs = ["a"], thresholds = ["peak < 1MiB", "loss_p95 <= 0.5"], grants = {"clock": True})
serve(queue = 7)
`,
	}
	var first *Config
	for _, file := range []string{"j.toml", "j.yaml", "j.json", "j.star"} {
		c, err := Parse(filepath.Join(dir, file), []byte(sources[file]), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		c.Path, c.places = "", nil
		if first == nil {
			first = c
			a := c.Jobs["a"]
			if a.Limits.Memory != 2<<20 || a.Limits.Steps != 100 || len(a.Inputs) != 2 || len(a.Args) != 4 || c.Serve.Queue != 7 {
				t.Errorf("got %+v", a)
			}
			continue
		}
		if !reflect.DeepEqual(c, first) {
			x, _ := json.Marshal(c)
			y, _ := json.Marshal(first)
			t.Errorf("%s says\n%s\nand TOML\n%s", file, x, y)
		}
	}
}

func TestExampleIsRight(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "score.py"), []byte(ExampleScript), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := Parse(filepath.Join(dir, "jobs.toml"), []byte(Example), Overrides{})
	if err != nil || len(c.Jobs) != 2 {
		t.Fatal(err)
	}
	// What it has in comments is right, too.
	lines := strings.Split(Example, "\n")
	for i, l := range lines {
		if rest, ok := strings.CutPrefix(l, "# "); ok && strings.ContainsAny(rest, "[=") && i > 4 {
			lines[i] = rest
		}
	}
	for _, name := range []string{"train.py", "convert.py"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o777); err != nil {
		t.Fatal(err)
	}
	if c, err = Parse(filepath.Join(dir, "jobs.toml"), []byte(strings.Join(lines, "\n")), Overrides{}); err != nil || len(c.Jobs) != 4 {
		t.Fatal(err)
	}
}

// The JSON Schema has every key, and nothing without a description.
func TestSchema(t *testing.T) {
	var root map[string]any
	if err := json.Unmarshal(Schema(), &root); err != nil {
		t.Fatal(err)
	}
	job := root["$defs"].(map[string]any)["job"].(map[string]any)["properties"].(map[string]any)
	for _, k := range keysOf(reflect.TypeFor[Job]()) {
		p, ok := job[k.name].(map[string]any)
		if !ok || p["description"] == "" || len(p) < 2 {
			t.Errorf("jobs.%s: got %v", k.name, p)
		}
		if !strings.Contains(Reference(), "| `"+k.name+"` |") {
			t.Errorf("the reference lacks %s", k.name)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range wrong {
		f.Add(c.file, c.src)
	}
	f.Add("j.toml", Example)
	dir := folder(f)
	f.Fuzz(func(t *testing.T, file, src string) {
		if parsers[filepath.Ext(file)] == nil || strings.ContainsAny(file, "/\\\x00") || len(file) > 20 {
			t.Skip("no format")
		}
		_, err := Parse(filepath.Join(dir, file), []byte(src), Overrides{})
		var all ConfigErrors
		if err != nil && !errors.As(err, &all) {
			t.Errorf("got %T: %v", err, err)
		}
	})
}
