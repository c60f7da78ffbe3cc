package main

import (
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"time"

	"github.com/mlxstar/mlxstar"
)

func main() {
	src, _ := os.ReadFile(os.Args[1])
	rt, err := mlxstar.New(mlxstar.Options{Stdout: os.Stdout})
	if err != nil {
		panic(err)
	}
	f, _ := os.Create("/tmp/cpu.prof")
	pprof.StartCPUProfile(f)
	t := time.Now()
	if err := rt.Exec(context.Background(), "x.py", string(src)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(time.Since(t))
	pprof.StopCPUProfile()
	rt.Close()
}
