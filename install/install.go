package install

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strings"
)

// Options say what to install, from where and into what.
type Options struct {
	Index         string            // the index's address
	Target        string            // the folder, which is made if there is none
	Environment   Environment       // what markers ask of
	Provided      map[string]string // versions of what the runtime has itself, by name
	Early         bool              // take versions that come before a release
	AllowUnhashed bool              // take files of which the index tells no hash
	NoNeeds       bool              // leave out what the packages need
	Tell          func(line string) // what is done, for the user; or nil
}

// chosen is a wheel that is to be installed.
type chosen struct {
	name    string // normal
	version version
	release release
	wheel   *wheel
	asked   bool // by the user
}

// resolver chooses wheels for requirements.
type resolver struct {
	Options
	index    *index
	listed   map[string][]release
	wanted   map[string][]requirement // of which a version must meet all
	picked   map[string]*chosen
	wheels   map[string]*wheel // that were fetched, by file
	skipped  map[string]bool   // of the runtime's own
	restarts int
}

// mostRestarts bounds how often what was chosen is given up for a requirement that came later.
const mostRestarts = 100

// mostPackages bounds what one command installs.
const mostPackages = 500

// Install puts packages and what they need into the target.
func Install(ctx context.Context, names []string, o Options) error {
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	if o.Index == "" {
		return errors.New("install: no index is named: set PIP_INDEX_URL, or give --index-url")
	}
	x, err := openIndex(o.Index)
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	provided := map[string]string{}
	for name, number := range o.Provided {
		provided[normal(name)] = number
	}
	o.Provided = provided
	r := &resolver{Options: o, index: x, listed: map[string][]release{}, wanted: map[string][]requirement{}, wheels: map[string]*wheel{}, skipped: map[string]bool{}}
	var asked []requirement
	for _, name := range names {
		req, err := parseRequirement(name)
		if err != nil {
			return fmt.Errorf("install: %w", err)
		}
		if number, ok := provided[req.name]; ok {
			return fmt.Errorf("install: %s is part of mlxstar, with the interface of %s", req.written, number)
		}
		asked = append(asked, req)
	}
	if err := r.resolve(ctx, asked); err != nil {
		return fmt.Errorf("install: %w", err)
	}
	return r.place()
}

// resolve chooses a version for each requirement and for what the chosen need. A requirement that comes
// later and that the choice does not meet has the choosing begin anew, with what is known by then.
func (r *resolver) resolve(ctx context.Context, asked []requirement) error {
	for _, req := range asked {
		r.wanted[req.name] = append(r.wanted[req.name], req)
	}
again:
	r.picked = map[string]*chosen{}
	queue := slices.Clone(asked)
	done := map[string]bool{}
	for len(queue) > 0 {
		req := queue[0]
		queue = queue[1:]
		if c := r.picked[req.name]; c != nil && req.spec.holds(c.version) && len(req.extras) == 0 {
			continue
		} else if c != nil && !req.spec.holds(c.version) {
			if r.restarts++; r.restarts > mostRestarts {
				return fmt.Errorf("%s: no version was found that all of %s take", req.written, r.wishes(req.name))
			}
			goto again
		}
		c, err := r.pick(ctx, req)
		if err != nil {
			return err
		}
		if len(r.picked) > mostPackages {
			return fmt.Errorf("more than %d packages are needed", mostPackages)
		}
		c.asked = c.asked || req.by == ""
		key := req.name + "[" + strings.Join(req.extras, ",") + "]"
		if r.NoNeeds || done[key] {
			continue
		}
		done[key] = true
		needs, err := r.needs(c, req.extras)
		if err != nil {
			return err
		}
		queue = append(queue, needs...)
	}
	return nil
}

// needs are the requirements of a wheel that the runtime does not meet itself.
func (r *resolver) needs(c *chosen, extras []string) ([]requirement, error) {
	var out []requirement
	for _, text := range c.wheel.metadata[textproto.CanonicalMIMEHeaderKey("Requires-Dist")] {
		need, err := parseRequirement(text)
		if err != nil {
			return nil, fmt.Errorf("%s needs %q: %w", c.name, text, err)
		}
		ok, err := need.applies(r.Environment, extras)
		if err != nil {
			return nil, fmt.Errorf("%s needs %q: %w", c.name, text, err)
		}
		if !ok {
			continue
		}
		if number, own := r.Provided[need.name]; own {
			r.skip(c, need, number)
			continue
		}
		need.by = c.name + " " + c.version.text
		if !slices.ContainsFunc(r.wanted[need.name], func(other requirement) bool { return other.by == need.by && other.spec.String() == need.spec.String() }) {
			r.wanted[need.name] = append(r.wanted[need.name], need)
		}
		out = append(out, need)
	}
	return out, nil
}

// skip tells once of a need that the runtime meets.
func (r *resolver) skip(c *chosen, need requirement, number string) {
	line := need.written + ": part of mlxstar, with the interface of " + number
	if v, err := parseVersion(number); err == nil && !need.spec.holds(v) {
		line += "; " + c.name + " asks for " + need.spec.String()
	}
	if !r.skipped[line] {
		r.skipped[line] = true
		r.Tell(line)
	}
}

// wishes lists who wants which versions of a package.
func (r *resolver) wishes(name string) string {
	var out []string
	for _, w := range r.wanted[name] {
		wish := name + w.spec.String()
		if w.by != "" {
			wish += " (for " + w.by + ")"
		}
		if !slices.Contains(out, wish) {
			out = append(out, wish)
		}
	}
	return strings.Join(out, ", ")
}

// pick chooses the newest version that all who want the package take.
func (r *resolver) pick(ctx context.Context, req requirement) (*chosen, error) {
	if c := r.picked[req.name]; c != nil {
		return c, nil
	}
	files, ok := r.listed[req.name]
	if !ok {
		var err error
		if files, err = r.index.releases(ctx, req.name); err != nil {
			return nil, r.because(req, err)
		}
		r.listed[req.name] = files
	}
	of, newest := r.versions(req.name, files)
	if len(of) == 0 {
		return nil, r.because(req, fmt.Errorf("the index has no version that meets %s", r.wishes(req.name)))
	}
	var best *release
	for _, f := range of[newest.text] {
		if w, ok := parseWheelName(f.file); ok && w.pure() && (best == nil || f.file < best.file) {
			best = &f
		}
	}
	if best == nil {
		return nil, r.because(req, refusal(newest, of[newest.text]))
	}
	w := r.wheels[best.file]
	if w == nil {
		r.Tell("fetching " + best.file)
		content, err := r.index.fetch(ctx, *best, r.AllowUnhashed)
		if err != nil {
			return nil, r.because(req, err)
		}
		if w, err = openWheel(best.file, content); err != nil {
			return nil, r.because(req, err)
		}
		if got := normal(w.metadata.Get("Name")); got != req.name {
			return nil, r.because(req, fmt.Errorf("%s: its metadata is of %q", best.file, got))
		}
		r.wheels[best.file] = w
	}
	c := &chosen{name: req.name, version: newest, release: *best, wheel: w}
	r.picked[req.name] = c
	return c, nil
}

func (r *resolver) because(req requirement, err error) error {
	if req.by != "" {
		return fmt.Errorf("%s, which %s needs: %w", req.written, req.by, err)
	}
	return fmt.Errorf("%s: %w", req.written, err)
}

// versions are the files of a package by those versions that all who want it take, and the newest of these.
func (r *resolver) versions(name string, files []release) (of map[string][]release, newest version) {
	here, _ := parseVersion(r.Environment["python_full_version"]) // one that cannot be read meets no condition
	early := r.Early
	for _, w := range r.wanted[name] {
		early = early || w.spec.early()
	}
	gather := func(early bool) {
		of = map[string][]release{}
		for _, f := range files {
			v, ok := versionOf(name, f.file)
			if !ok || f.yanked && !r.names(name, v) || v.early() && !early {
				continue
			}
			if s, err := parseSpecifier(f.requires); err == nil && !s.holds(here) {
				continue
			}
			if slices.ContainsFunc(r.wanted[name], func(w requirement) bool { return !w.spec.holds(v) }) {
				continue
			}
			if len(of) == 0 || v.compare(newest) > 0 {
				newest = v
			}
			of[v.text] = append(of[v.text], f)
		}
	}
	if gather(early); len(of) == 0 && !early {
		gather(true) // there is nothing but versions that come before a release
	}
	// One version may be written in several ways.
	for text, list := range maps.Clone(of) {
		if v, err := parseVersion(text); err == nil && text != newest.text && v.compare(newest) == 0 {
			of[newest.text] = append(of[newest.text], list...)
		}
	}
	return of, newest
}

// names reports whether somebody wants exactly a version.
func (r *resolver) names(name string, v version) bool {
	for _, w := range r.wanted[name] {
		for _, c := range w.spec {
			if (c.op == "==" || c.op == "===") && !c.wild && c.holds(v) {
				return true
			}
		}
	}
	return false
}

// versionOf reads the version in the name of a package's file.
func versionOf(name, file string) (version, bool) {
	text := ""
	if w, ok := parseWheelName(file); ok {
		if normal(w.name) != name {
			return version{}, false
		}
		text = w.version
	} else {
		base := file
		for _, ending := range []string{".tar.gz", ".zip", ".tar.bz2", ".tgz"} {
			base = strings.TrimSuffix(base, ending)
		}
		at := strings.LastIndexByte(base, '-')
		if base == file || at < 0 || normal(base[:at]) != name {
			return version{}, false
		}
		text = base[at+1:]
	}
	v, err := parseVersion(text)
	return v, err == nil
}

// refusal says why no file of a version can be installed.
func refusal(v version, files []release) error {
	var systems, sources []string
	for _, f := range files {
		w, ok := parseWheelName(f.file)
		if !ok {
			sources = append(sources, f.file)
			continue
		}
		systems = append(systems, w.system...)
	}
	slices.Sort(systems)
	systems = slices.Compact(systems)
	switch {
	case len(systems) > 0 && !slices.Contains(systems, "any"):
		return fmt.Errorf("version %s has native code (wheels for %s): mlxstar installs packages of Python alone", v, strings.Join(systems[:min(len(systems), 4)], ", "))
	case len(systems) > 0:
		return fmt.Errorf("version %s has wheels for other versions of Python alone", v)
	}
	return fmt.Errorf("version %s comes as source alone (%s), which would have to be built: mlxstar installs wheels", v, sources[0])
}
