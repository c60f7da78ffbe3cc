package libraries_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestImages runs a script over images. What it must print is what it prints with Pillow.
func TestImages(t *testing.T) {
	var out bytes.Buffer
	rt, err := mlxstar.New(mlxstar.Options{Stdout: &out, Device: "cpu", Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	if err := rt.Exec(context.Background(), "pillow.py", suite.Read(t, "testdata/images/pillow.py")); err != nil {
		t.Error(err)
	}
	if want := suite.Read(t, "testdata/images/pillow.txt"); out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}
