package install

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testFile is a file that the test's index has.
type testFile struct {
	name     string
	content  []byte
	requires string
	yanked   bool
	sum      string // another than its own; "-" is none
}

// testWheel makes a wheel of a package with one module.
func testWheel(t *testing.T, file string, needs []string, extra map[string]string) testFile {
	t.Helper()
	w, ok := parseWheelName(file)
	if !ok {
		t.Fatalf("%s is no wheel's name", file)
	}
	info := w.name + "-" + w.version + ".dist-info/"
	meta := "Metadata-Version: 2.1\nName: " + w.name + "\nVersion: " + w.version + "\n"
	for _, n := range needs {
		meta += "Requires-Dist: " + n + "\n"
	}
	files := map[string]string{w.name + "/__init__.py": "version = '" + w.version + "'\n", info + "METADATA": meta + "\nText.\n", info + "WHEEL": "Wheel-Version: 1.0\n"}
	for name, text := range extra {
		files[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	record := ""
	for _, name := range sortedKeys(files) {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte(files[name])) // into memory
		sum := sha256.Sum256([]byte(files[name]))
		record += name + ",sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]) + ",1\n"
	}
	f, err := z.Create(info + "RECORD")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write([]byte(record)) // into memory
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return testFile{name: file, content: b.Bytes()}
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// serve is an index of files, in one of the two forms.
func serve(t *testing.T, inJSON bool, files ...testFile) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "me" || password != "secret" {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		if file, ok := strings.CutPrefix(r.URL.Path, "/files/"); ok {
			for _, f := range files {
				if f.name == file {
					_, _ = w.Write(f.content) // a client that goes away reads no more
					return
				}
			}
			http.NotFound(w, r)
			return
		}
		name := strings.Trim(strings.TrimPrefix(r.URL.Path, "/simple/"), "/")
		page := htmlPage
		if inJSON {
			page = jsonPage
		}
		if !page(w, name, files) {
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "http://", "http://me:secret@", 1) + "/simple"
}

func (f testFile) hash() string {
	if f.sum != "" {
		return strings.TrimPrefix(f.sum, "-")
	}
	sum := sha256.Sum256(f.content)
	return hex.EncodeToString(sum[:])
}

func (f testFile) of(name string) bool {
	_, ok := versionOf(name, f.name)
	return ok
}

func jsonPage(w http.ResponseWriter, name string, files []testFile) bool {
	list := []map[string]any{}
	for _, f := range files {
		if !f.of(name) {
			continue
		}
		row := map[string]any{"filename": f.name, "url": "../../files/" + f.name, "hashes": map[string]string{}, "yanked": f.yanked}
		if f.hash() != "" {
			row["hashes"] = map[string]string{"sha256": f.hash()}
		}
		if f.requires != "" {
			row["requires-python"] = f.requires
		}
		list = append(list, row)
	}
	if len(list) == 0 {
		return false
	}
	w.Header().Set("Content-Type", jsonForm)
	_ = json.NewEncoder(w).Encode(map[string]any{"name": name, "files": list}) // a client that goes away reads no more
	return true
}

func htmlPage(w http.ResponseWriter, name string, files []testFile) bool {
	body := ""
	for _, f := range files {
		if !f.of(name) {
			continue
		}
		link := "../../files/" + f.name
		if f.hash() != "" {
			link += "#sha256=" + f.hash()
		}
		body += "<a href=\"" + link + "\""
		if f.requires != "" {
			body += " data-requires-python=\"" + strings.ReplaceAll(strings.ReplaceAll(f.requires, ">", "&gt;"), "<", "&lt;") + "\""
		}
		if f.yanked {
			body += " data-yanked=\"\""
		}
		body += ">" + f.name + "</a><br>\n"
	}
	if body == "" {
		return false
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><html><body>\n%s</body></html>\n", body)
	return true
}

var testEnvironment = Environment{
	"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux", "os_name": "posix", "platform_system": "Linux",
	"platform_machine": "x86_64", "implementation_name": "mlxstar", "platform_python_implementation": "mlxstar",
}

// TestInstall installs from indexes of both forms what each case asks for.
func TestInstall(t *testing.T) {
	wheel := func(file string, needs ...string) testFile { return testWheel(t, file, needs, nil) }
	old := wheel("alone-0.9-py2.py3-none-any.whl")
	next := wheel("alone-2.0b1-py3-none-any.whl")
	pulled := wheel("alone-1.5-py3-none-any.whl")
	pulled.yanked = true
	later := wheel("alone-3.0-py3-none-any.whl")
	later.requires = ">=3.12"
	spoilt := wheel("spoilt-1.0-py3-none-any.whl")
	spoilt.sum = strings.Repeat("0", 64)
	unhashed := wheel("unhashed-1.0-py3-none-any.whl")
	unhashed.sum = "-"
	files := []testFile{
		old, wheel("alone-1.0-py3-none-any.whl"), wheel("alone-1.10-py3-none-any.whl"), next, pulled, later, spoilt, unhashed,
		wheel("Needs_Some-1.0-py3-none-any.whl", "alone>=1.0", "NumPy>=1", "left-out; python_version < '3'", "wanted-extra; extra == 'more'"),
		wheel("wanted_extra-1.0-py3-none-any.whl"),
		wheel("needs_old-1.0-py3-none-any.whl", "alone<1.0"),
		wheel("needs_both-1.0-py3-none-any.whl", "alone", "needs-old"),
		wheel("torn-1.0-py3-none-any.whl", "needs-old", "Needs.Some"),
		wheel("circle_a-1.0-py3-none-any.whl", "circle-b[x]"), wheel("circle_b-1.0-py3-none-any.whl", "circle-a"),
		{name: "machine-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"}, {name: "machine-1.0-cp311-cp311-win_amd64.whl"},
		{name: "future-1.0-py312-none-any.whl"},
		{name: "source-1.0.tar.gz"},
		wheel("needs_machine-1.0-py3-none-any.whl", "machine"),
		testWheel(t, "hidden-1.0-py3-none-any.whl", nil, map[string]string{"hidden/fast.cpython-311-x86_64-linux-gnu.so": "ELF"}),
		testWheel(t, "climbs-1.0-py3-none-any.whl", nil, map[string]string{"../climbs.py": "x"}),
		testWheel(t, "placed-1.0-py3-none-any.whl", nil, map[string]string{"placed-1.0.data/purelib/beside.py": "x = 1\n", "placed-1.0.data/scripts/run": "#!python"}),
	}
	for _, c := range []struct {
		asked string
		want  string // the packages, or the error
	}{
		{"alone", "alone 1.10*"},
		{"Alone==1.0", "alone 1.0*"},
		{"alone<1.0", "alone 0.9*"},
		{"alone~=1.0,!=1.10", "alone 1.0*"},
		{"alone==1.5", "alone 1.5*"}, // which nobody else would get
		{"alone>=2.0b1", "alone 2.0b1*"},
		{"needs-some", "alone 1.10, Needs_Some 1.0*"},
		{"needs-some[more]", "alone 1.10, Needs_Some 1.0*, wanted_extra 1.0"},
		{"needs-both", "alone 0.9, needs_both 1.0*, needs_old 1.0"},
		{"circle-a", "circle_a 1.0*, circle_b 1.0"},
		{"placed", "placed 1.0*"},
		{"torn", "install: alone, which needs-old 1.0 needs: the index has no version that meets alone<1.0 (for needs-old 1.0), alone>=1.0 (for needs-some 1.0)"},
		{"numpy", "install: numpy is part of mlxstar, with the interface of 2.2.6"},
		{"alone==7", "install: alone: the index has no version that meets alone==7"},
		{"nowhere", "install: nowhere: the index does not list it"},
		{"machine", "install: machine: version 1.0 has native code (wheels for manylinux_2_17_x86_64, win_amd64): mlxstar installs packages of Python alone"},
		{"needs-machine", "install: machine, which needs-machine 1.0 needs: version 1.0 has native code"},
		{"hidden", "install: hidden: hidden-1.0-py3-none-any.whl: hidden/fast.cpython-311-x86_64-linux-gnu.so: holds machine code"},
		{"climbs", "install: climbs: climbs-1.0-py3-none-any.whl: ../climbs.py: is no place within a package"},
		{"source", "install: source: version 1.0 comes as source alone (source-1.0.tar.gz), which would have to be built"},
		{"future", "install: future: version 1.0 has wheels for other versions of Python alone"},
		{"spoilt", "install: spoilt: spoilt-1.0-py3-none-any.whl: its SHA-256 is "},
		{"unhashed", "install: unhashed: unhashed-1.0-py3-none-any.whl: the index tells no SHA-256 of it"},
		{"alone=1", "install: requirement: alone: version condition: got \"=1\""},
	} {
		for _, inJSON := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/json=%t", c.asked, inJSON), func(t *testing.T) {
				target := filepath.Join(t.TempDir(), "packages")
				err := Install(t.Context(), []string{c.asked}, Options{
					Index: serve(t, inJSON, files...), Target: target, Environment: testEnvironment, Provided: map[string]string{"numpy": "2.2.6"},
				})
				list, listErr := List(target)
				if listErr != nil {
					t.Fatal(listErr)
				}
				if err != nil {
					if !strings.HasPrefix(err.Error(), c.want) {
						t.Fatalf("got error %v, want %s", err, c.want)
					}
					if len(list) > 0 {
						t.Fatalf("it failed, and %v are there", list)
					}
					return
				}
				var got []string
				for _, p := range list {
					line := p.Name + " " + p.Version
					if p.Asked {
						line += "*"
					}
					got = append(got, line)
				}
				if all := strings.Join(got, ", "); all != c.want {
					t.Fatalf("got %s, want %s", all, c.want)
				}
			})
		}
	}
}

// TestFolder installs, replaces and removes, and looks at what is in the folder then.
func TestFolder(t *testing.T) {
	one, two := testWheel(t, "thing-1.0-py3-none-any.whl", nil, map[string]string{"thing/old.py": ""}), testWheel(t, "thing-2.0-py3-none-any.whl", nil, nil)
	other := testWheel(t, "thing_else-1.0-py3-none-any.whl", nil, map[string]string{"shared/part.py": "x = 1\n", "thing_else-1.0.data/scripts/run": "#!python"})
	target := t.TempDir()
	var told []string
	o := Options{Index: serve(t, true, one, two, other), Target: target, Environment: testEnvironment, Tell: func(line string) { told = append(told, line) }}
	files := func() string {
		var all []string
		err := filepath.WalkDir(target, func(path string, d os.DirEntry, err error) error {
			if rel, _ := filepath.Rel(target, path); err == nil && !d.IsDir() && !strings.Contains(rel, ".dist-info") {
				all = append(all, filepath.ToSlash(rel))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(all, " ")
	}
	install := func(names ...string) {
		t.Helper()
		if err := Install(t.Context(), names, o); err != nil {
			t.Fatal(err)
		}
	}
	install("thing==1.0", "thing-else")
	if got, want := files(), "shared/part.py thing/__init__.py thing/old.py thing_else/__init__.py"; got != want {
		t.Fatalf("there are %s, want %s", got, want)
	}
	install("thing==1.0")
	if last := told[len(told)-1]; last != "thing 1.0: is installed" {
		t.Fatalf("told %q", last)
	}
	// What a program leaves beside its modules stays, but for byte code.
	for _, left := range []string{"thing/__pycache__/x.pyc", "shared/mine.py"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(target, left)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(target, left), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	install("thing")
	if got, want := files(), "shared/mine.py shared/part.py thing/__init__.py thing_else/__init__.py"; got != want {
		t.Fatalf("there are %s, want %s", got, want)
	}
	if err := Remove(target, []string{"Thing.Else", "nothing"}, nil); err == nil || !strings.Contains(err.Error(), "nothing is not installed") {
		t.Fatalf("got %v", err)
	}
	if err := Remove(target, []string{"Thing.Else", "thing"}, nil); err != nil {
		t.Fatal(err)
	}
	if got := files(); got != "shared/mine.py" {
		t.Fatalf("there are %s, want shared/mine.py", got)
	}
	// A RECORD that names what is elsewhere removes nothing.
	info := filepath.Join(target, "evil-1.dist-info")
	if err := os.MkdirAll(info, 0o755); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "kept")
	for name, text := range map[string]string{filepath.Join(info, "METADATA"): "Name: evil\nVersion: 1\n", filepath.Join(info, "RECORD"): outside + ",,\n", outside: ""} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Remove(target, []string{"evil"}, nil); err == nil || !strings.Contains(err.Error(), "outside of the folder") {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Fatal(err)
	}
}

func TestVersions(t *testing.T) {
	ordered := strings.Fields("1.0.dev1 1.0a1.dev2 1.0a1 1.0a2 1.0b1 1.0rc1 1.0 1.0+local 1.0+local.2 1.0.post1.dev1 1.0.post1 1.0.1 1.1 1.10 2!0.1")
	for i, a := range ordered {
		for j, b := range ordered {
			v, errV := parseVersion(a)
			w, errW := parseVersion(b)
			if errV != nil || errW != nil {
				t.Fatal(errV, errW)
			}
			if got, want := v.compare(w), i-j; got*want < 0 || (got == 0) != (want == 0) {
				t.Errorf("%s beside %s: got %d, want the sign of %d", a, b, got, want)
			}
		}
	}
	for _, same := range [][2]string{{"1.0", "1"}, {"v1.0-RC.1", "1.0rc1"}, {"1.0-1", "1.0.post1"}, {"1.0alpha", "1.0a0"}, {"1.0_dev", "1.0.dev0"}} {
		v, _ := parseVersion(same[0])
		w, _ := parseVersion(same[1])
		if v.compare(w) != 0 {
			t.Errorf("%s is not %s", same[0], same[1])
		}
	}
	for _, c := range []struct {
		spec, version string
		want          bool
	}{
		{">=1.0,<2", "1.5", true}, {">=1.0,<2", "2.0", false}, {"<2", "2.0rc1", false}, {"<2.0rc2", "2.0rc1", true}, {">1.0", "1.0.post1", false}, {">1.0", "1.1", true},
		{"==1.*", "1.9", true}, {"==1.*", "2.0", false}, {"!=1.*", "2.0", true}, {"~=1.4.2", "1.4.9", true}, {"~=1.4.2", "1.5", false}, {"~=1.4", "1.9", true}, {"~=1.4", "2.0", false},
		{"==1.0", "1.0+local", true}, {"==1.0+other", "1.0+local", false}, {"===1.0", "1.0", true}, {"===1.0", "1.0.0", false}, {"", "7", true}, {">1.0", "1.0+local", false},
	} {
		s, err := parseSpecifier(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		v, err := parseVersion(c.version)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.holds(v); got != c.want {
			t.Errorf("%s meets %q: got %t, want %t", c.version, c.spec, got, c.want)
		}
	}
}

func TestMarkers(t *testing.T) {
	for marker, want := range map[string]bool{
		"python_version >= '3.8'": true, "python_version < \"3.10\"": false, "'3.8' <= python_version": true, "python_version == '3.11.*'": true,
		"sys_platform == 'win32' or os_name == 'posix'": true, "sys_platform == 'linux' and not_there == '1'": false, "(sys_platform != 'linux')": false,
		"platform_machine in 'x86_64 aarch64'": true, "sys_platform not in 'linux darwin'": false, "extra == 'A_b'": true, "extra == 'other'": false,
		"python_full_version > '3.11.0a1' and (extra == 'a-b' or extra == 'c')": true, "python_version >= '3.8' and": false, "((((": false, "'open": false, "os_name ** 'x'": false,
	} {
		ok, err := requirement{marker: marker}.applies(testEnvironment, []string{"a-b"})
		if ok != want {
			t.Errorf("%s: got %t (%v), want %t", marker, ok, err, want)
		}
	}
}

// FuzzTexts reads what an index or a wheel may say.
func FuzzTexts(f *testing.F) {
	f.Add("name[a,b]>=1.0,<2; python_version < '3' and (extra == 'x' or os_name != \"nt\")", "<a href='x-1.0-py3-none-any.whl#sha256=00' data-yanked>x</a>")
	f.Add("n @ file:///x", "{\"files\": [{\"filename\": \"x-1.whl\", \"yanked\": \"why\"}]}")
	page, err := openIndex("http://x/simple")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, need, listing string) {
		if r, err := parseRequirement(need); err == nil {
			_, _ = r.applies(testEnvironment, nil) // whatever it says
			if v, err := parseVersion("1.0"); err == nil {
				r.spec.holds(v)
			}
		}
		for _, read := range []func([]byte) ([]release, error){
			func(b []byte) ([]release, error) { return htmlReleases(string(b), page.base) },
			func(b []byte) ([]release, error) { return jsonReleases(b, page.base) },
		} {
			list, err := read([]byte(listing))
			if err != nil {
				continue
			}
			for _, r := range list {
				versionOf("x", r.file)
			}
		}
		if _, err := openWheel("x.whl", []byte(listing)); err == nil {
			t.Fatal("a text was taken for a wheel")
		}
	})
}

// TestClient asks servers that send elsewhere, secured ones and ones behind a proxy.
func TestClient(t *testing.T) {
	var plain, secured *httptest.Server
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _, _ := r.BasicAuth()
		switch r.URL.Path {
		case "/here":
			fmt.Fprint(w, "here ", user)
		case "/there":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/open":
			http.Redirect(w, r, plain.URL+"/here", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})
	plain, secured = httptest.NewServer(answer), httptest.NewTLSServer(answer)
	t.Cleanup(plain.Close)
	t.Cleanup(secured.Close)
	c := &client{tls: secured.Client().Transport.(*http.Transport).TLSClientConfig}
	ask := func(c *client, address string) string {
		u, err := url.Parse(strings.Replace(address, "://", "://me:x@", 1))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.get(t.Context(), u, http.Header{})
		if err != nil {
			return err.Error()
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprint(resp.StatusCode, " ", strings.TrimSpace(string(b)))
	}
	for _, c := range []struct {
		client        *client
		address, want string
	}{
		{c, plain.URL + "/here", "200 here me"}, {c, plain.URL + "/there", "200 here me"}, {c, secured.URL + "/there", "200 here me"}, {c, plain.URL + "/none", "404 404 page not found"},
		{c, plain.URL + "/round", "more than 10 times"}, {c, secured.URL + "/open", "which is not secured"}, {&client{}, secured.URL + "/here", "certificate"},
		{c, "ftp://x/y", "want an address"}, {c, "http://127.0.0.1:1/x", "refused"},
	} {
		if got := ask(c.client, c.address); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.address, got, c.want)
		}
	}
}
