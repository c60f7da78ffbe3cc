package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/install"
)

const installUsage = `usage: mlxstar install [options] NAME[==VERSION] ...
       mlxstar packages [--target DIR] [--json]
       mlxstar remove [--target DIR] NAME ...

Installs packages, and what they need, into a folder that imports look in. They come from
an index that speaks the interface of PEP 503 or PEP 691, as wheels of Python alone, and
are held to the SHA-256 that the index tells. What mlxstar has itself, such as numpy, is
not fetched. One that has native code, or comes as source alone, is refused by name.
packages lists what is installed, remove takes packages away.

Options:
  --index-url URL    the index (PIP_INDEX_URL if not given); its user and password too
  --target DIR       the folder (MLXSTAR_PACKAGES if not given, else mlxstar/packages in
                     XDG_DATA_HOME or ~/.local/share)
  --pre              take versions that come before a release
  --no-deps          leave out what the packages need
  --allow-unhashed   take files of which the index tells no SHA-256
  -q, --quiet        say nothing of what is done
  --json             packages: one line of JSON for each package
  -h, --help         print this

Exit codes: 0 done, 1 not done, 2 wrong usage.
`

// packagesFolder is where packages are installed for the user.
func packagesFolder() (string, error) {
	if dir := os.Getenv("MLXSTAR_PACKAGES"); dir != "" {
		return filepath.Abs(dir)
	}
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "mlxstar", "packages"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share", "mlxstar", "packages"), nil
}

// installing is the command line of install, packages and remove.
type installing struct {
	install.Options
	names       []string
	quiet, json bool
}

func parseInstall(args []string) (*installing, error) {
	i := &installing{Options: install.Options{Index: os.Getenv("PIP_INDEX_URL")}}
	_, err := grammar{
		flags: map[string]*bool{
			"--pre": &i.Early, "--no-deps": &i.NoNeeds, "--allow-unhashed": &i.AllowUnhashed, "-q": &i.quiet, "--quiet": &i.quiet, "--json": &i.json,
		},
		values:  map[string]func(v string) error{"--index-url": text(&i.Index), "-i": text(&i.Index), "--target": text(&i.Target), "-t": text(&i.Target)},
		operand: list(&i.names),
	}.read(args)
	if err != nil {
		return nil, err
	}
	if i.Target == "" {
		if i.Target, err = packagesFolder(); err != nil {
			return nil, fmt.Errorf("--target: %w", err)
		}
	}
	return i, nil
}

// installCommand runs one of the three commands and gives its exit code.
func installCommand(name string, named bool, args []string, stdout, stderr io.Writer, f func(ctx context.Context, i *installing) error) int {
	i, err := parseInstall(args)
	if err == nil && named != (len(i.names) > 0) {
		err = errors.New("a name is missing")
		if !named {
			err = fmt.Errorf("got %q, want no name", i.names[0])
		}
	}
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, installUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "mlxstar %s: %s\nTry 'mlxstar install --help'.\n", name, err)
		return exitUsage
	}
	if !i.quiet {
		i.Tell = func(line string) { fmt.Fprintln(stdout, line) }
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := f(ctx, i); err != nil {
		fmt.Fprintf(stderr, "mlxstar %s\n", err)
		return exitScript
	}
	return exitOK
}

func runInstall(args []string, stdout, stderr io.Writer) int {
	return installCommand("install", true, args, stdout, stderr, func(ctx context.Context, i *installing) error {
		env, err := markerEnvironment(ctx)
		if err != nil {
			return fmt.Errorf("install: %w", err)
		}
		i.Environment, i.Provided = env, mlxstar.ProvidedPackages()
		return install.Install(ctx, i.names, i.Options)
	})
}

func runPackages(args []string, stdout, stderr io.Writer) int {
	return installCommand("packages", false, args, stdout, stderr, func(_ context.Context, i *installing) error {
		list, err := install.List(i.Target)
		if err != nil {
			return fmt.Errorf("packages: %w", err)
		}
		for _, p := range list {
			if !i.json {
				fmt.Fprintf(stdout, "%s %s\n", p.Name, p.Version)
				continue
			}
			line, err := json.Marshal(map[string]any{"name": p.Name, "version": p.Version, "asked": p.Asked})
			if err != nil {
				return err
			}
			fmt.Fprintln(stdout, string(line))
		}
		return nil
	})
}

func runRemove(args []string, stdout, stderr io.Writer) int {
	return installCommand("remove", true, args, stdout, stderr, func(_ context.Context, i *installing) error {
		return install.Remove(i.Target, i.names, i.Tell)
	})
}

// markerEnvironment asks a runtime for what markers of requirements name.
func markerEnvironment(ctx context.Context) (install.Environment, error) {
	rt, err := mlxstar.New(mlxstar.Options{HostInfo: true, Env: []string{}})
	if err != nil {
		return nil, err
	}
	defer rt.Close()
	v, err := rt.Eval(ctx, "<install>", `__import__("json").dumps({
		"implementation_name": __import__("sys").implementation.name, "os_name": __import__("os").name,
		"sys_platform": __import__("sys").platform, "platform_system": __import__("platform").system(),
		"platform_python_implementation": __import__("platform").python_implementation(),
		"python_full_version": ".".join(map(str, __import__("sys").version_info[:3])),
		"python_version": ".".join(map(str, __import__("sys").version_info[:2])),
	})`)
	if err != nil {
		return nil, err
	}
	env := install.Environment{"platform_release": "", "platform_version": ""}
	text, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("the runtime tells of itself in a %T", v)
	}
	if err := json.Unmarshal([]byte(text), &env); err != nil {
		return nil, err
	}
	env["implementation_version"] = env["python_full_version"]
	env["platform_machine"] = map[string]string{"linux/amd64": "x86_64", "linux/arm64": "aarch64", "darwin/amd64": "x86_64", "windows/amd64": "AMD64", "windows/arm64": "ARM64"}[runtime.GOOS+"/"+runtime.GOARCH]
	if env["platform_machine"] == "" {
		env["platform_machine"] = runtime.GOARCH
	}
	return env, nil
}
