package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary is the command, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "mlxstar")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "mlxstar.exe")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

type result struct {
	stdout, stderr string
	code           int
}

func command(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, errOut strings.Builder
	cmd := exec.Command(binary, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &errOut
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	cmd.Dir = filepath.Join("..", "..")
	err := cmd.Run()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	return result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
}

func TestExitCodes(t *testing.T) {
	cases := []struct {
		name   string
		args   []string
		code   int
		stderr string // contained in it
	}{
		{"success", []string{"-c", "pass"}, 0, ""},
		{"no share", []string{"--memory-limit", "0%", "-c", "pass"}, 2, "--memory-limit: got \"0%\", want a share above 0%"},
		{"a share", []string{"--memory-limit", "50%", "-c", "import mlx.core as mx; assert 0 < mx.get_memory_limit() < 1 << 62"}, 0, ""},
		{"error", []string{"-c", "x = 1\n1 / 0"}, 1, "File \"<string>\", line 2, in <module>"},
		{"syntax error", []string{"-c", "x = = 1"}, 1, "SyntaxError: invalid syntax"},
		{"index", []string{"-c", "[1][2]"}, 1, "IndexError: list index out of range"},
		{"recursion", []string{"-c", "def f(): f()\nf()"}, 1, "RecursionError: maximum recursion depth exceeded"},
		{"unknown option", []string{"--nonsense"}, 2, "unknown option --nonsense"},
		{"bad value", []string{"--threads", "none"}, 2, "--threads: got \"none\""},
		{"no value", []string{"--seed"}, 2, "--seed: no value given"},
		{"bad device", []string{"--device=tpu"}, 2, "--device: got \"tpu\""},
		{"missing file", []string{"missing.py"}, 2, "missing.py"},
		{"memory", []string{"--memory-limit", "10MiB", "-c", "import mlx.core as mx\nmx.eval(mx.ones((3000, 3000)))"}, 3, "MemoryError: eval: memory limit: needed 34.3 MiB"},
		{"time", []string{"--time-limit=200ms", "-c", "while True: pass"}, 4, "the time limit of 200ms is over"},
		{"exit", []string{"-c", "import sys\nsys.exit(7)"}, 7, ""},
		{"exit with a message", []string{"-c", "exit('bye')"}, 1, "bye"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := command(t, "", c.args...)
			if r.code != c.code || !strings.Contains(r.stderr, c.stderr) {
				t.Errorf("exit code %d and %q, want %d and %q", r.code, r.stderr, c.code, c.stderr)
			}
		})
	}
}

func TestInterruptStopsAScript(t *testing.T) {
	cmd := exec.Command(binary, "-c", "print('ready', flush=True)\nwhile True: pass")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		t.Skipf("this system cannot interrupt a process: %v", err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupt {
		t.Errorf("exit code %d, want %d", code, exitInterrupt)
	}
}

func TestScriptArguments(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "args.py")
	if err := os.WriteFile(path, []byte("import sys\nprint(sys.argv[1:], __name__)"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{path, "a", "--seed", "3"}, {"-c", "import sys\nprint(sys.argv[1:], __name__)", "a", "--seed", "3"}} {
		r := command(t, "", args...)
		if want := "['a', '--seed', '3'] __main__\n"; r.stdout != want {
			t.Errorf("%v: got %q %q, want %q", args[0], r.stdout, r.stderr, want)
		}
	}
	r := command(t, "import sys\nprint(sys.argv)", "-", "x")
	if r.stdout != "['-', 'x']\n" {
		t.Errorf("standard input: got %q %q", r.stdout, r.stderr)
	}
}

func TestSeed(t *testing.T) {
	draw := func(seed string) string {
		return command(t, "", "--seed", seed, "-c", "import mlx.core as mx\nprint(mx.random.uniform(shape=(3,)))").stdout
	}
	first, again, other := draw("1"), draw("1"), draw("2")
	if first != again || first == other {
		t.Error("the seed does not decide the draws")
	}
}

func TestJSONErrors(t *testing.T) {
	r := command(t, "", "--json", "-c", "\nint('x')")
	var e struct {
		Type, Message, Traceback string
		Line, Exit               int
	}
	if err := json.Unmarshal([]byte(r.stderr), &e); err != nil {
		t.Fatalf("%v in %q", err, r.stderr)
	}
	if e.Type != "ValueError" || e.Line != 2 || e.Exit != 1 || !strings.Contains(e.Message, "invalid literal for int()") {
		t.Errorf("got %+v", e)
	}
}

func TestPrompt(t *testing.T) {
	cases := []struct{ name, input, want string }{
		{"value", "1 + 1\n", "2\n"},
		{"last value", "6\n_ * 7\n", "6\n42\n"},
		{"block", "def f(x):\n    return x + 1\n\nf(2)\n", "3\n"},
		{"rebinding", "def f(): return y\ny = 1\nf()\ny = 2\nf()\n", "1\n2\n"},
		{"array", "import mlx.core as mx\nmx.arange(3)\n", "array([0, 1, 2], dtype=int32)\n"},
		{"who", "import mlx.core as mx\nx = mx.ones(1000) + 1\nmx.eval(x)\n%who\n", "3.9 KiB"},
		{"time", "%time 1 + 1\n", "2\ntook "},
		{"timeit", "%timeit 1 + 1\n", "best "},
		{"prun", "%prun sum([i for i in range(100000)])\n", "<input 1>:1"},
		{"mem", "import mlx.core as mx\nkept = mx.ones(1_000_000) + 1\nmx.eval(kept)\n%mem\n", "  3.8 MiB 100.0%  <input 2>:1, 1 array\n   3.8 MiB 100.0%  kept  (activations)\n"},
		{"memline", "import mlx.core as mx\n%%memline\nkept = mx.zeros((1024, 1024)) + 1\nother = kept * 2\nmx.eval(kept, other)\ndel other\n\n",
			"     4 MiB      4 MiB      4 MiB  kept = mx.zeros((1024, 1024)) + 1\n       0 B      4 MiB      4 MiB  other = kept * 2\n                                  mx.eval(kept, other)\n"},
		{"memit", "import mlx.core as mx\n%memit mx.eval(mx.ones(1_000_000) + 1)\n", "peak 3.8 MiB above the start"},
		{"help", "import mlx.core as mx\nhelp(mx.softmax)\n", "softmax(a: array, /, axis: None | int | Sequence[int] = None"},
		{"exit", "exit(0)\nprint('no')\n", ""},
		{"exit without parentheses", "exit\nprint('no')\n", ""},
		{"a block within a block", "def f(x):\n    if x:\n        return 1\n    return 2\n\nf(0)\n", "2\n"},
		{"a question", "def g(factor): 'Gives it.'\n\ng?\n", "Gives it."},
		{"a source", "import textwrap\ntextwrap.dedent??\n", "def dedent("},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := command(t, c.input)
			if !strings.Contains(r.stdout, c.want) || c.want == "" && r.stdout != "" || r.code != 0 {
				t.Errorf("printed %q and %q, want %q", r.stdout, r.stderr, c.want)
			}
		})
	}
	r := command(t, "1 / 0\n2\n%nonsense\n")
	if !strings.Contains(r.stderr, "ZeroDivisionError") || !strings.Contains(r.stderr, "no command %nonsense") || !strings.Contains(r.stdout, "2") {
		t.Errorf("after an error: %q, %q", r.stdout, r.stderr)
	}
	r = command(t, "%%memline\n\n%%who\n1\n\n")
	if !strings.Contains(r.stderr, "%%memline: no statements given") || !strings.Contains(r.stderr, "no command %%who; there are %%memit, %%memline, %%prun, %%time, %%timeit") {
		t.Errorf("blocks that are none: %q", r.stderr)
	}
}

// TestStay goes on at the prompt after a script, also after one that failed.
func TestStay(t *testing.T) {
	for code, want := range map[string]string{"x = 6": "42\n", "x = 6\n1 / 0": "42\n"} {
		if r := command(t, "x * 7\n", "-i", "-c", code); r.stdout != want || r.code != 0 {
			t.Errorf("%q: got %q, %q and exit code %d", code, r.stdout, r.stderr, r.code)
		}
	}
}

func TestHelpNamesEveryOption(t *testing.T) {
	r := command(t, "", "--help")
	for _, name := range new(options).grammar(false).names() {
		if !strings.Contains(r.stdout, name+" ") && !strings.Contains(r.stdout, name+",") {
			t.Errorf("--help does not name %s", name)
		}
	}
}

func TestCheckMemory(t *testing.T) {
	script := filepath.Join("scripts", "check_memory.star")
	for _, args := range [][]string{{}, {"--clear"}, {"--watch", "--count", "2", "--interval", "0.1"}} {
		r := command(t, "", append([]string{script}, args...)...)
		if r.code != 0 || !strings.Contains(r.stdout, "active") || !strings.Contains(r.stdout, "resident") {
			t.Errorf("%v: exit code %d, %q, %q", args, r.code, r.stdout, r.stderr)
		}
	}
	var counters struct{ Active, Peak, Cache, Resident int64 }
	r := command(t, "", script, "--json")
	if err := json.Unmarshal([]byte(r.stdout), &counters); err != nil || counters.Resident < 1<<20 {
		t.Errorf("--json: %v in %q", err, r.stdout)
	}
	t.Run("another process", func(t *testing.T) { checkAnother(t, script) })
	if r := command(t, "", script, "--pid", "1073741824"); r.code != 1 || !strings.Contains(r.stderr, "no mlxstar process 1073741824") {
		t.Errorf("a process that is not there: exit code %d, %q", r.code, r.stderr)
	}
	if r := command(t, "", script, "--nonsense"); r.code != 2 {
		t.Errorf("an unknown option: exit code %d, want 2", r.code)
	}
}

// TestReferenceShellCommands runs the shell block of the memory reference with
// the command in place of Python.
func TestReferenceShellCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "memory-reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "```bash\n")
	block, _, _ = strings.Cut(block, "```")
	ran := 0
	for _, line := range strings.Split(block, "\n") {
		args, ok := strings.CutPrefix(line, "uv run python scripts/check_memory.py")
		if !ok {
			continue
		}
		args += " "
		if strings.Contains(args, "--watch") {
			args += "--count 1" // it would go on
		}
		r := command(t, "", append([]string{filepath.Join("scripts", "check_memory.star")}, strings.Fields(args)...)...)
		if r.code != 0 || !strings.Contains(r.stdout, "active") {
			t.Errorf("%q: exit code %d, %q, %q", line, r.code, r.stdout, r.stderr)
		}
		ran++
	}
	if ran != 3 {
		t.Errorf("the reference has %d commands, want 3", ran)
	}
}

func TestTrainDigits(t *testing.T) {
	start := time.Now()
	r := command(t, "", filepath.Join("scripts", "train_digits.star"))
	t.Logf("took %s", time.Since(start))
	_, after, ok := strings.Cut(r.stdout, "held-out accuracy: ")
	if !ok {
		t.Fatalf("no accuracy in %q, %q", r.stdout, r.stderr)
	}
	if text, _, _ := strings.Cut(after, "%"); text < "97" {
		t.Errorf("held-out accuracy %s%%, want at least 97%%", text)
	}
}

// TestSignals interrupts a script that sleeps, once or twice.
func TestSignals(t *testing.T) {
	const wait = "import time\ntry:\n    while True:\n        print('ready', flush=True)\n        time.sleep(100)\nexcept KeyboardInterrupt:\n    print('saving')\nfinally:\n    print('closed')\n"
	const cling = "import time\nwhile True:\n    try:\n        print('ready', flush=True)\n        time.sleep(100)\n    except BaseException:\n        pass\n"
	for name, c := range map[string]struct {
		src     string
		signals []os.Signal
		code    int
		stdout  string
		stderr  string
	}{
		"caught":     {wait, []os.Signal{os.Interrupt}, 0, "saving\nclosed\n", ""},
		"terminated": {wait, []os.Signal{syscall.SIGTERM}, 0, "saving\nclosed\n", ""},
		"twice":      {cling, []os.Signal{os.Interrupt, os.Interrupt}, exitInterrupt, "", "KeyboardInterrupt: interrupted twice"},
		"uncaught":   {"def f():\n    print('ready', flush=True)\n    while True: pass\nf()\n", []os.Signal{os.Interrupt}, exitInterrupt, "", "line 3, in f\n"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(binary, "-c", c.src)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var errOut strings.Builder
			cmd.Stderr = &errOut
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(out)
			for _, s := range c.signals {
				if _, err := lines.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
				if err := cmd.Process.Signal(s); err != nil {
					_ = cmd.Process.Kill()
					_ = cmd.Wait()
					t.Skipf("this system cannot send a process %v: %v", s, err)
				}
			}
			rest, _ := io.ReadAll(lines)
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != c.code || string(rest) != c.stdout || !strings.Contains(errOut.String(), c.stderr) {
				t.Errorf("exit code %d, output %q, error:\n%s", code, rest, errOut.String())
			}
		})
	}
}

// TestErrorsAsJSON wants one line of JSON whatever ended the command.
func TestErrorsAsJSON(t *testing.T) {
	for _, c := range []struct {
		args            []string
		code            int
		kind, limit, fn string
		line            int
	}{
		{[]string{"-c", "def f():\n  1/0\nf()"}, 1, "ZeroDivisionError", "", "f", 2},
		{[]string{"--time-limit", "200ms", "-c", "while True: pass"}, exitTime, "KeyboardInterrupt", "time", "<module>", 1},
		{[]string{"--time-limit", "200ms", "-c", "import time\ntime.sleep(9)"}, exitTime, "KeyboardInterrupt", "time", "<module>", 2},
		{[]string{"--memory-limit", "1MiB", "-c", "import mlx.core as mx\nmx.eval(mx.ones(10**7))"}, exitMemory, "MemoryError", "memory", "<module>", 2},
		{[]string{"-c", "import sys; sys.exit('bad')"}, 1, "SystemExit", "", "", 0},
		{[]string{"--bogus"}, exitUsage, "UsageError", "", "", 0},
	} {
		r := command(t, "", append([]string{"--json"}, c.args...)...)
		var got struct {
			Type, Limit, Function string
			Line, Exit            int
		}
		if err := json.Unmarshal([]byte(r.stderr), &got); err != nil {
			t.Errorf("%q: %v: %s", c.args, err, r.stderr)
			continue
		}
		if r.code != c.code || got.Exit != c.code || got.Type != c.kind || got.Limit != c.limit || got.Function != c.fn || got.Line != c.line {
			t.Errorf("%q: code %d, %s", c.args, r.code, r.stderr)
		}
	}
}

// TestCPUProfile: the file is one that pprof reads, as its head tells.
func TestCPUProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cpu.pprof")
	r := command(t, "", "--cpuprofile", path, "-c", "total = 0\nfor i in range(100000): total += i")
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("exit code %d, %s", r.code, r.stderr)
	}
	if b, err := os.ReadFile(path); err != nil || len(b) < 2 || b[0] != 0x1f || b[1] != 0x8b {
		t.Errorf("the file has %d bytes, error %v; want it compressed", len(b), err)
	}
	if r = command(t, "", "--isolate", "--cpuprofile", path, "-c", "1"); r.code == 0 || !strings.Contains(r.stderr, "not with --isolate") {
		t.Errorf("with --isolate: exit code %d, %s", r.code, r.stderr)
	}
}
