package stdlib

import (
	"context"
	"strings"
	"testing"
	"time"
)

// outside lists, for every module that reaches files, what it does with them.
var outside = []struct{ module, src string }{
	{"builtins", "open('x')"},
	{"builtins", "open('x', 'w')"},
	{"csv", "csv.reader(open('x'))"},
	{"gzip", "gzip.open('x')"},
	{"json", "json.load(open('x'))"},
	{"logging", "logging.FileHandler('x')"},
	{"os", "os.listdir('.')"},
	{"os", "os.mkdir('x')"},
	{"os", "os.remove('x')"},
	{"os", "os.rename('x', 'y')"},
	{"os", "os.stat('x')"},
	{"pathlib", "pathlib.Path('x').read_text()"},
	{"pathlib", "pathlib.Path('x').write_bytes(b'')"},
	{"pathlib", "list(pathlib.Path('.').iterdir())"},
	{"shutil", "shutil.copyfile('x', 'y')"},
	{"tempfile", "tempfile.mkdtemp()"},
}

// TestFilesAreDenied runs every way to files without the right to them.
func TestFilesAreDenied(t *testing.T) {
	for _, c := range outside {
		src := c.src + "\n"
		if c.module != "builtins" {
			src = "import " + c.module + "\n" + src
		}
		out := runScript(t, "denied.py", src, &Environment{})
		if !strings.Contains(out, "PermissionError: [Errno 1] file access is not allowed in this runtime") {
			t.Errorf("%s: %s is not denied:\n%s", c.module, c.src, out)
		}
	}
}

// TestNothingIsToldByDefault shows that arguments, variables and input are empty.
func TestNothingIsToldByDefault(t *testing.T) {
	t.Setenv("MLXSTAR_SECRET", "told")
	src := "import os, sys, getpass\n" +
		"print(dict(os.environ), os.environ.get('MLXSTAR_SECRET'), sys.argv, sys.stdin.read() == '', os.getenv('HOME'))\n" +
		"try:\n    getpass.getuser()\nexcept OSError as e:\n    print('no user')\n"
	if got, want := runScript(t, "told.py", src, &Environment{}), "{} None [] True None\nno user\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// fixedClock stands still.
type fixedClock struct{ now time.Time }

func (c fixedClock) Now() time.Time                             { return c.now }
func (c fixedClock) Sleep(context.Context, time.Duration) error { return context.Canceled }

// TestTheClockIsTheHosts shows that every module takes the time from the host.
func TestTheClockIsTheHosts(t *testing.T) {
	src := "import time, datetime, logging, timeit, sys\n" +
		"print(int(time.time()), time.time_ns())\n" +
		"print(datetime.datetime.now(datetime.timezone.utc), datetime.datetime.utcnow())\n" +
		"logging.basicConfig(stream=sys.stdout, format='%(created)d %(message)s')\n" +
		"logging.warning('x')\n" +
		"print(timeit.timeit(lambda: 1, number=3))\n"
	at := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	got := runScript(t, "clock.py", src, &Environment{Clock: fixedClock{at}})
	want := "981173106 981173106000000000\n2001-02-03 04:05:06+00:00 2001-02-03 04:05:06\n981173106 x\n0.0\n"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
