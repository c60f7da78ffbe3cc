package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/isolate"
	"github.com/mlxstar/mlxstar/workload"
)

func TestMain(m *testing.M) {
	mlxstar.Child(isolate.Fence)
	os.Exit(m.Run())
}

func TestScorer(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	for _, path := range []string{in, out} {
		if err := os.Mkdir(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	script := filepath.Join(dir, "score.py")
	write(script, []byte("import helper\ndef score(rows): return helper.norm(rows)\n"))
	write(filepath.Join(dir, "helper.py"), []byte("import mlx.core as mx\ndef norm(rows): return mx.sqrt((rows * rows).sum(axis=1))\n"))
	for i := range 5 {
		var b bytes.Buffer
		rows := mlxstar.Tensor{Dtype: mlxstar.Uint8, Shape: []int{2, 2}, Data: []byte{3, 4, byte(i), 0}}
		if err := workload.WriteBody(&b, "npy", rows); err != nil {
			t.Fatal(err)
		}
		write(filepath.Join(in, fmt.Sprintf("%d.npy", i)), b.Bytes())
	}
	write(filepath.Join(in, "bad.npy"), []byte("no array"))
	c, err := config(script, in, out, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	count := func() map[string]int {
		s, err := score(context.Background(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, r := range s.Records {
			n[r.Status]++
		}
		return n
	}
	if n := count(); n["ok"] != 5 || n["failed"] != 1 {
		t.Errorf("got %v", n)
	}
	for i := range 5 {
		data, err := os.ReadFile(filepath.Join(out, fmt.Sprintf("%d.npy", i)))
		if err != nil {
			t.Fatal(err)
		}
		v, err := workload.ReadBody("npy", data)
		got, ok := v.(mlxstar.Tensor)
		if err != nil || !ok || got.Dtype != mlxstar.Float32 || len(got.Data) != 8 || got.Data[3] != 0x40 || got.Data[2] != 0xa0 {
			t.Errorf("%d: got %v, %v, want 5 and %d", i, v, err, i)
		}
	}
	if n := count(); n["done"] != 5 || n["failed"] != 1 {
		t.Errorf("the second time: %v", n)
	}
}
