package metalsim

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ebitengine/purego"
)

//go:embed source
var source embed.FS

func open() (*Simulator, error) {
	clang, err := exec.LookPath("clang++")
	if err != nil {
		return nil, ErrUnavailable
	}
	dir, cache, version, err := unpack()
	if err != nil {
		return nil, fmt.Errorf("metalsim: %w", err)
	}
	library := filepath.Join(dir, "metalsim.so")
	if _, err := os.Stat(library); err != nil {
		if err := build(clang, dir, library); err != nil {
			return nil, fmt.Errorf("metalsim: %w", err)
		}
	}
	handle, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("metalsim: %w", err)
	}
	s := &Simulator{
		symbol: func(name string) (uintptr, error) { return purego.Dlsym(handle, name) },
		bind:   purego.RegisterFunc,
	}
	var setup func(dir, cache, version, clang string)
	for name, fptr := range map[string]any{
		"sim_setup": &setup, "sim_fail": &s.fail, "sim_seen": &s.seen, "sim_set": &s.set,
		"sim_count": &s.count, "sim_live": &s.live, "sim_misuses": &s.misuses,
	} {
		purego.RegisterLibFunc(fptr, handle, name)
	}
	setup(dir, cache, version, clang)
	return s, nil
}

// compiledWith are the files that decide what becomes of a kernel's source.
var compiledWith = []string{"shim/", "kernels.cpp"}

// unpack writes the sources to a folder of the user's cache that is named after
// their content. Compiled kernels stay in a folder beside it: the version, which
// goes into their names, changes only with what they are compiled with.
func unpack() (dir, cache, version string, err error) {
	root, err := os.UserCacheDir()
	if err != nil {
		root = os.TempDir()
	}
	root = filepath.Join(root, "mlxstar-metalsim")
	sum, compiler := sha256.New(), sha256.New()
	files := map[string][]byte{}
	err = fs.WalkDir(source, "source", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := source.ReadFile(path)
		name := path[len("source/"):]
		fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data)
		for _, prefix := range compiledWith {
			if strings.HasPrefix(name, prefix) {
				fmt.Fprintf(compiler, "%s %d\n%s", name, len(data), data)
			}
		}
		files[name] = data
		return err
	})
	if err != nil {
		return "", "", "", err
	}
	dir, cache = filepath.Join(root, fmt.Sprintf("%x", sum.Sum(nil)[:12])), filepath.Join(root, "kernels")
	for _, d := range []string{dir, cache} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return "", "", "", err
		}
	}
	for path, data := range files {
		to := filepath.Join(dir, path)
		if old, err := os.ReadFile(to); err == nil && string(old) == string(data) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", "", "", err
		}
		if err := replace(to, func(tmp string) error { return os.WriteFile(tmp, data, 0o644) }); err != nil {
			return "", "", "", err
		}
	}
	return dir, cache, fmt.Sprintf("%x", compiler.Sum(nil)), nil
}

// replace makes a file appear whole: several test programs may do so at once.
func replace(path string, write func(tmp string) error) error {
	tmp := fmt.Sprintf("%s.%d", path, os.Getpid())
	if err := write(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func build(clang, dir, library string) error {
	return replace(library, func(tmp string) error {
		cmd := exec.Command(clang, "-std=c++17", "-O1", "-shared", "-fPIC", "-o", tmp,
			"runtime.cpp", "metal.cpp", "kernels.cpp", "switch.S", "-lpthread", "-ldl")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("compiling the simulator: %w\n%s", err, out)
		}
		return nil
	})
}
