package driver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/ebitengine/purego"
)

type library uintptr

func (l library) Symbol(name string) (uintptr, error) { return purego.Dlsym(uintptr(l), name) }

func open(path string, mode int) (library, error) {
	h, err := purego.Dlopen(path, purego.RTLD_NOW|mode)
	return library(h), err
}

// Link loads the driver.
func Link() (Linker, error) { return open("libcuda.so.1", purego.RTLD_GLOBAL) }

// LinkCompiler loads NVRTC: that of a path, of the loader's, of a toolkit, or of an
// environment of Python.
func LinkCompiler(path string) (Linker, error) {
	var tried []string
	for _, p := range candidates(path, "libnvrtc.so") {
		// The compiler looks for its built-in part by name, which only the loader's own
		// path would find.
		for _, b := range siblings(p, "libnvrtc-builtins.so*") {
			_, _ = open(b, purego.RTLD_GLOBAL)
		}
		l, err := open(p, purego.RTLD_LOCAL)
		if err == nil {
			return l, nil
		}
		tried = append(tried, p)
	}
	return nil, fmt.Errorf("no NVRTC was found, which compiles kernels: MLXSTAR_CUDA_PATH names the folder of libnvrtc.so; tried %s", strings.Join(tried, ", "))
}

// LinkProducts loads cuBLASLt, found as NVRTC is.
func LinkProducts(path string) (Linker, error) {
	for _, p := range candidates(path, "libcublasLt.so") {
		if l, err := open(p, purego.RTLD_LOCAL); err == nil {
			return l, nil
		}
	}
	return nil, errors.New("cuBLASLt was not found")
}

// LinkTransforms loads cuFFT, found as NVRTC is.
func LinkTransforms(path string) (Linker, error) {
	for _, p := range candidates(path, "libcufft.so") {
		if l, err := open(p, purego.RTLD_LOCAL); err == nil {
			return l, nil
		}
	}
	return nil, errors.New("cuFFT was not found")
}

// LinkNCCL loads NCCL, found as NVRTC is. It comes in a package of its own, and is looked for
// elsewhere, too, where the path has it not.
func LinkNCCL(path string) (Linker, error) {
	var tried []string
	list := candidates(path, "libnccl.so")
	if path != "" {
		list = append(list, candidates("", "libnccl.so")...)
	}
	for _, p := range list {
		l, err := open(p, purego.RTLD_LOCAL)
		if err == nil {
			return l, nil
		}
		tried = append(tried, p)
	}
	return nil, fmt.Errorf("NCCL was not found: MLXSTAR_CUDA_PATH names the folder of libnccl.so; tried %s", strings.Join(tried, ", "))
}

func siblings(path, pattern string) []string {
	if !strings.Contains(path, "/") {
		return nil
	}
	found, _ := filepath.Glob(filepath.Join(filepath.Dir(path), pattern))
	return found
}

// versions are the ends of the names that the loader knows the libraries by.
var versions = map[string][]string{
	"libnvrtc.so": {".13", ".12", ""}, "libcublasLt.so": {".13", ".12", ""}, "libnccl.so": {".2", ""},
}

// candidates lists the files that may be a library of the toolkit, the likeliest first.
func candidates(path, library string) (list []string) {
	name := library + ".[0-9]*"
	glob := func(patterns ...string) {
		for _, p := range patterns {
			found, _ := filepath.Glob(p)
			sort.Sort(sort.Reverse(sort.StringSlice(found)))
			list = append(list, found...)
		}
	}
	if path != "" {
		glob(filepath.Join(path, name), filepath.Join(path, "lib", name), filepath.Join(path, "lib64", name))
		return list
	}
	if env := os.Getenv("VIRTUAL_ENV"); env != "" {
		glob(filepath.Join(env, "lib/python3*/site-packages/nvidia/*/lib", name))
	}
	glob(filepath.Join("/usr/local/cuda/lib64", name), filepath.Join("/usr/local/cuda-*/lib64", name), filepath.Join("/usr/lib/x86_64-linux-gnu", name),
		filepath.Join("/usr/lib/aarch64-linux-gnu", name))
	for _, version := range versions[library] {
		list = append(list, library+version)
	}
	glob(filepath.Join("/usr/lib/python3*/site-packages/nvidia/*/lib", name), filepath.Join("/usr/local/lib/python3*/*-packages/nvidia/*/lib", name),
		filepath.Join("/opt/*/lib/python3*/site-packages/nvidia/*/lib", name), filepath.Join("/opt/*/.venv/lib/python3*/site-packages/nvidia/*/lib", name))
	return list
}
