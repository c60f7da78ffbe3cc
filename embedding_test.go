package mlxstar_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing/fstest"
	"time"

	"github.com/mlxstar/mlxstar"
)

func newRuntime(o mlxstar.Options) *mlxstar.Runtime {
	o.Device, o.Stdout = "cpu", os.Stdout
	rt, err := mlxstar.New(o)
	if err != nil {
		log.Fatal(err)
	}
	return rt
}

// A function that a script calls looks into the runtime and calls it.
func ExampleFunc_callingBack() {
	rt := newRuntime(mlxstar.Options{})
	defer rt.Close()
	ctx := context.Background()
	err := rt.Set("apply", mlxstar.Func(func(args []any, _ map[string]any) (any, error) {
		return rt.Call(ctx, args[0].(string), args[1])
	}))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rt.Exec(ctx, "main.py", "def double(x): return 2 * x\nprint(apply('double', 21))\n"))
	// Output:
	// 42
	// <nil>
}

// A script that does not end tells where it was.
func ExampleError_limits() {
	rt := newRuntime(mlxstar.Options{StepLimit: 100_000})
	defer rt.Close()
	err := rt.Exec(context.Background(), "main.py", "def f():\n    while True: pass\nf()\n")
	var e *mlxstar.Error
	if errors.Is(err, mlxstar.ErrStepLimit) && errors.As(err, &e) {
		fmt.Println(e.Message, "at", e.File, e.Line, e.Function)
	}
	// Output:
	// the script ran more than 100000 steps at main.py 2 f
}

// An interrupt lets the script save what it has.
func ExampleRuntime_Interrupt() {
	rt := newRuntime(mlxstar.Options{})
	defer rt.Close()
	if err := rt.Set("ready", mlxstar.Func(func([]any, map[string]any) (any, error) {
		time.AfterFunc(time.Millisecond, func() { rt.Interrupt() })
		return nil, nil
	})); err != nil {
		log.Fatal(err)
	}
	fmt.Println(rt.Exec(context.Background(), "train.py", `
try:
    ready()
    while True: pass
except KeyboardInterrupt:
    print("saving")
`))
	// Output:
	// saving
	// <nil>
}

// Scripts read and import what a file system holds, and write nothing.
func ExampleReadOnly() {
	rt := newRuntime(mlxstar.Options{Dir: "/app", Files: mlxstar.ReadOnly(fstest.MapFS{
		"app/main.py":   {Data: []byte("import helper\nprint(helper.greeting, open('data.txt').read())\n")},
		"app/helper.py": {Data: []byte("greeting = 'hello'\n")},
		"app/data.txt":  {Data: []byte("data")},
	})})
	defer rt.Close()
	ctx := context.Background()
	fmt.Println(rt.ExecFile(ctx, "/app/main.py"))
	fmt.Println(rt.Exec(ctx, "write.py", "open('data.txt', 'w')"))
	// Output:
	// hello data
	// <nil>
	// PermissionError: [Errno 13] Permission denied: 'data.txt'
}

// A folder is the whole file system of its scripts.
func ExampleDir() {
	path, err := os.MkdirTemp("", "tenant")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(path)
	folder, err := mlxstar.Dir(path)
	if err != nil {
		log.Fatal(err)
	}
	defer folder.Close()
	rt := newRuntime(mlxstar.Options{Files: folder})
	defer rt.Close()
	fmt.Println(rt.Exec(context.Background(), "main.py", `
import os
with open('/a.txt', 'w') as f: f.write('mine')
print(os.listdir('/'), os.getcwd(), os.path.exists('../..' + '/etc'))
`))
	// Output:
	// ['a.txt'] / False
	// <nil>
}

// Each request begins with what was loaded once.
func ExampleRuntime_Snapshot() {
	ctx := context.Background()
	rt := newRuntime(mlxstar.Options{})
	defer rt.Close()
	err := rt.Exec(ctx, "warm.py", `
import mlx.core as mx
weights = mx.arange(3)
seen = []
def answer(x):
    global weights
    seen.append(x)
    weights = weights * x
    print(seen, weights.tolist())
`)
	if err != nil {
		log.Fatal(err)
	}
	warm, err := rt.Snapshot(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, request := range []int{2, 3} {
		if _, err := rt.Call(ctx, "answer", request); err != nil {
			log.Fatal(err)
		}
		if err := rt.Restore(ctx, warm); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// [2] [0, 2, 4]
	// [3] [0, 3, 6]
}

// A tenant reads its inputs below one path and writes below another.
func ExampleMounts() {
	path, err := os.MkdirTemp("", "tenant")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(path)
	out, err := mlxstar.Dir(path)
	if err != nil {
		log.Fatal(err)
	}
	defer out.Close()
	files, err := mlxstar.Mounts(map[string]mlxstar.FileSystem{
		"/in":  mlxstar.ReadOnly(fstest.MapFS{"name.txt": {Data: []byte("tenant 7")}}),
		"/out": out,
	})
	if err != nil {
		log.Fatal(err)
	}
	rt := newRuntime(mlxstar.Options{Files: files})
	defer rt.Close()
	fmt.Println(rt.Exec(context.Background(), "main.py", "with open('/out/greeting.txt', 'w') as f: f.write('hello, ' + open('/in/name.txt').read())\n"))
	text, err := os.ReadFile(path + "/greeting.txt")
	fmt.Println(string(text), err)
	// Output:
	// <nil>
	// hello, tenant 7 <nil>
}
