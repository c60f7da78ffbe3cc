package libraries_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// TestImages runs scripts over images and samples. What they must print is what they print with Pillow, with transformers
// and with mlx-data.
func TestImages(t *testing.T) {
	for _, name := range []string{"pillow", "transforms", "samples"} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			rt, err := mlxstar.New(mlxstar.Options{Stdout: &out, Device: "cpu", Threads: 1, Files: mlxstar.SystemFiles(), Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			defer rt.Close()
			if err := rt.Exec(context.Background(), name+".py", suite.Read(t, "testdata/images/"+name+".py")); err != nil {
				t.Error(err)
			}
			if want := suite.Read(t, "testdata/images/"+name+".txt"); out.String() != want {
				t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
			}
		})
	}
}
