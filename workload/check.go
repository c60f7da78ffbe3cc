package workload

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/mlxstar/mlxstar"
)

// check says what is wrong with a configuration whose keys are all known: what keys say of
// each other, and of files.
func (d *decoder) check(c *Config) {
	if c.Version != 1 {
		d.fail(d.places["version"], "version", "got %d, want 1, which is the only one", c.Version)
	}
	if (c.Serve.TLSCert == "") != (c.Serve.TLSKey == "") {
		d.fail(d.places["serve"], "serve", "tls_cert and tls_key are needed together")
	}
	for _, name := range c.Order {
		d.job(c, c.Jobs[name])
	}
	d.cycles(c)
}

// where gives the place of a key, or of what it would stand in.
func (d *decoder) where(path string) Place {
	for path != "" {
		if p, ok := d.places[path]; ok {
			return p
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return Place{}
}

func (d *decoder) job(c *Config, j *Job) {
	path := under("jobs", j.Name)
	fail := func(key, format string, args ...any) {
		d.fail(d.where(under(path, key)), under(path, key), format, args...)
	}
	var given []string
	for key, v := range map[string]string{"script": j.Script, "code": j.Code, "module": j.Module} {
		if v != "" {
			given = append(given, key)
		}
	}
	slices.Sort(given)
	switch len(given) {
	case 0:
		d.fail(d.where(path), path, "has nothing to run, want one of script, code and module")
	case 1:
	default:
		d.fail(d.where(under(path, given[1])), under(path, given[1]), "stands beside %s, want one of script, code and module", given[0])
	}
	if j.Script != "" {
		if info, err := os.Stat(c.path(j.Script)); err != nil || info.IsDir() {
			fail("script", "no file %s%s", j.Script, didYouMean(filepath.Base(j.Script), scriptsBeside(c.path(j.Script))))
		}
	}
	if j.Code != "" {
		if _, err := mlxstar.Compile(j.Name, j.Code); err != nil {
			fail("code", "%s", err)
		}
	}
	if j.Entry == "" && (j.Args != nil || j.Kwargs != nil) {
		key := "args"
		if j.Args == nil {
			key = "kwargs"
		}
		fail(key, "stands without entry, the function that it is for")
	}
	if j.Module != "" && j.Entry == "" && j.process() {
		fail("module", "a module runs as a whole with isolation = \"none\" only; want entry, or that")
	}
	if j.Ranks > mlxstar.MaxRanks {
		fail("ranks", "got %d, want at most %d", j.Ranks, mlxstar.MaxRanks)
	}
	d.references(c, j, fail)
	d.inputs(c, j)
	d.outputs(c, j)
	d.grants(c, j, fail)
	d.when(j, fail)
	for i, name := range j.Needs {
		if c.Jobs[name] == nil {
			key := path + ".needs[" + itoa(i) + "]"
			d.fail(d.where(key), key, "no job %q%s", name, didYouMean(name, c.Order))
		}
	}
}

// references checks the inputs that arguments name.
func (d *decoder) references(c *Config, j *Job, fail func(key, format string, args ...any)) {
	check := func(key string, v any) {
		name, ok := reference(v)
		if _, known := j.Inputs[name]; ok && !known {
			fail(key, "no input %q%s", name, didYouMean(name, sortedKeys(j.Inputs)))
		}
	}
	for i, v := range j.Args {
		check("args["+itoa(i)+"]", v)
	}
	for _, k := range sortedKeys(j.Kwargs) {
		check("kwargs."+k, j.Kwargs[k])
	}
}

// reference gives the input that an argument names.
func reference(v any) (name string, ok bool) {
	s, _ := v.(string)
	if !strings.HasPrefix(s, "$") || strings.HasPrefix(s, "$$") {
		return "", false
	}
	return s[1:], true
}

func (d *decoder) inputs(c *Config, j *Job) {
	each := ""
	for _, name := range sortedKeys(j.Inputs) {
		in, path := j.Inputs[name], "jobs."+j.Name+".inputs."+name
		if !identifier(name) {
			d.fail(d.where(path), path, "an input's name is a variable's, of letters, digits and _")
		}
		sources := in.sources()
		if in.Value == nil && d.has(path+".value") {
			sources = append(sources, "value") // which is None
		}
		switch len(sources) {
		case 0:
			d.fail(d.where(path), path, "has no source, want one of value, env, text, json, jsonl, csv, npy, npz, safetensors, stdin and from")
		case 1:
		default:
			key := under(path, sources[1])
			d.fail(d.where(key), key, "stands beside %s, want one source", sources[0])
		}
		if in.From != "" && c.Jobs[in.From] == nil {
			d.fail(d.where(path+".from"), path+".from", "no job %q%s", in.From, didYouMean(in.From, c.Order))
		}
		if in.Each {
			if _, file := in.file(); file == "" {
				d.fail(d.where(path+".each"), path+".each", "stands without the path of files")
			}
			if each != "" {
				d.fail(d.where(path+".each"), path+".each", "stands in the input %s already; a job runs for each file of one", each)
			}
			each = name
		}
	}
}

func (d *decoder) has(path string) bool {
	_, ok := d.places[path]
	return ok
}

func identifier(s string) bool {
	return nameFits(s) && !strings.Contains(s, "-") && (s[0] < '0' || s[0] > '9')
}

func (d *decoder) outputs(c *Config, j *Job) {
	for _, name := range sortedKeys(j.Outputs) {
		out, path := j.Outputs[name], "jobs."+j.Name+".outputs."+name
		targets := out.targets()
		switch len(targets) {
		case 0:
			d.fail(d.where(path), path, "has no destination, want one of json, csv, npy, npz, safetensors, text and stdout")
			continue
		case 1:
		default:
			key := under(path, targets[1])
			d.fail(d.where(key), key, "stands beside %s, want one destination", targets[0])
			continue
		}
		file := out.file()
		if file == "" {
			continue
		}
		key := under(path, targets[0])
		for rest := file; ; {
			_, after, ok := strings.Cut(rest, "{")
			if !ok {
				break
			}
			field, _, closed := strings.Cut(after, "}")
			if fields := []string{"job", "run", "stem", "index"}; !closed || !slices.Contains(fields, field) {
				d.fail(d.where(key), key, "got {%s}, want {job}, {run}, {stem} or {index}%s", field, didYouMean(field, fields))
				break
			}
			rest = after
		}
		if j.each() != "" && !strings.Contains(file, "{stem}") && !strings.Contains(file, "{index}") && !strings.Contains(file, "{run}") {
			d.fail(d.where(key), key, "is one file for all runs of the job, want {stem}, {index} or {run} in it")
		}
		if j.Entry == "" && out.of() == "result" {
			d.fail(d.where(key), key, "the whole file has no result, want entry, or of = the name of a variable")
		}
	}
}

func (d *decoder) grants(c *Config, j *Job, fail func(key, format string, args ...any)) {
	if len(j.Grants.Network) > 0 && j.process() {
		fail("grants.network", "a process has no network; want isolation = \"none\"")
	}
	for i, host := range j.Grants.Network {
		if !hostFits(host) {
			fail("grants.network["+itoa(i)+"]", "got %q, want a host such as example.org or example.org:443", host)
		}
	}
	taken := map[string]bool{} // the paths that scripts see
	for _, list := range []struct {
		key   string
		paths []string
	}{{"read", j.Grants.Read}, {"write", j.Grants.Write}} {
		for i, p := range list.paths {
			if at := seen(p); taken[at] {
				fail("grants."+list.key+"["+itoa(i)+"]", "the path %s is granted twice", at)
			}
			taken[seen(p)] = true
			if info, err := os.Stat(c.path(p)); err != nil || !info.IsDir() {
				fail("grants."+list.key+"["+itoa(i)+"]", "no folder %s", p)
			}
		}
	}
	if !j.process() {
		if j.Limits.CPU > 0 {
			fail("limits.cpu", "holds a process only, want isolation = \"process\"")
		}
		return
	}
	if !yes(j.Grants.Clock) {
		fail("grants.clock", "a process sees the time; want isolation = \"none\", or the grant")
	}
	if j.Device == "gpu" {
		fail("device", "a process has the processor only; want isolation = \"none\" for a gpu")
	}
}

func (d *decoder) when(j *Job, fail func(key, format string, args ...any)) {
	if j.Timezone != "" {
		if j.Schedule == "" {
			fail("timezone", "stands without schedule")
		}
		if _, err := time.LoadLocation(j.Timezone); err != nil {
			fail("timezone", "got %q, want a time zone such as Europe/Berlin", j.Timezone)
			return
		}
	}
	if j.Schedule != "" {
		if _, err := j.timetable(); err != nil {
			fail("schedule", "got %q, want five fields of cron, or @every 10m: %s", j.Schedule, err)
		}
	}
	for i, pattern := range j.Watch {
		if _, err := filepath.Match(pattern, ""); err != nil {
			fail("watch["+itoa(i)+"]", "got %q, want a pattern of files", pattern)
		}
	}
	if j.Limits.Hard > 0 && j.Limits.Memory > j.Limits.Hard {
		fail("limits.memory", "is more than limits.hard")
	}
}

// timetable reads the schedule.
func (j *Job) timetable() (cron.Schedule, error) {
	zone := j.Timezone
	if zone == "" {
		zone = "UTC"
	}
	spec := j.Schedule
	if !strings.HasPrefix(spec, "@every") {
		spec = "CRON_TZ=" + zone + " " + spec
	}
	return cron.ParseStandard(spec)
}

// cycles tells of jobs that need themselves.
func (d *decoder) cycles(c *Config) {
	state := map[string]int{} // 1 is open, 2 done
	var visit func(name string, trail []string) bool
	visit = func(name string, trail []string) bool {
		trail = append(trail, name)
		switch state[name] {
		case 1:
			from := slices.Index(trail, name)
			key := "jobs." + name + ".needs"
			d.fail(d.where(key), key, "the job needs itself: %s", strings.Join(trail[from:], " needs "))
			return false
		case 2:
			return true
		}
		state[name] = 1
		for _, p := range c.Jobs[name].parents() {
			if c.Jobs[p] != nil && !visit(p, trail) {
				return false
			}
		}
		state[name] = 2
		return true
	}
	for _, name := range c.Order {
		if !visit(name, nil) {
			return
		}
	}
}

// path gives a path of the configuration as the system knows it.
func (c *Config) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.Dir, p)
}

// scriptsBeside lists the scripts in the folder of a path.
func scriptsBeside(path string) []string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext == ".py" || ext == ".star" {
			out = append(out, e.Name())
		}
	}
	return out
}

func itoa(i int) string { return strconv.Itoa(i) }
