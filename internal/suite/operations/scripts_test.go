package operations_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/engine"
	"github.com/mlxstar/mlxstar/internal/suite"
)

// spelled gives the text by which scripts reach an operation that has no
// function of its name.
var spelled = map[string]string{
	"identity_view":      "mx.grad(",
	"tracer":             "mx.grad(",
	"random_bits":        "mx.random.",
	"gather":             "mx.take(",
	"scatter":            ".at[",
	"masked_scatter":     "a[a >",
	"load":               "mx.load(",
	"pack_bits":          "mx.quantize(",
	"unpack_bits":        "mx.dequantize(",
	"astype":             ".astype(",
	"view":               ".view(",
	"custom":             "custom_function",
	"custom_function":    "custom_function",
	"dynamic_slice":      "mx.slice(",
	"conv":               "mx.conv2d(",
	"number_of_elements": "shapeless=",
	"conv_weight":        "mx.conv2d(",

	"cross_entropy":     "mx.fast.cross_entropy(",
	"cross_entropy_vjp": "mx.fast.cross_entropy(",

	"rms_norm_vjp":   "mx.fast.rms_norm(",
	"layer_norm_vjp": "mx.fast.layer_norm(",

	"scaled_dot_product_attention_vjp": "mx.fast.scaled_dot_product_attention(",

	"metal_kernel_strided": "ensure_row_contiguous=False",
}

// TestEveryOperationIsTested fails for an operation whose values no script in the
// repository's test data holds. Checks of gradients compare derivatives alone.
func TestEveryOperationIsTested(t *testing.T) {
	var text strings.Builder
	for _, dir := range []string{"testdata", "builtins/testdata"} {
		err := filepath.WalkDir(suite.Path(t, dir), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "gradients":
				return fs.SkipDir
			case d.IsDir():
				return nil
			}
			if ext := filepath.Ext(path); ext == ".jsonl" || ext == ".py" || ext == ".star" {
				src, err := os.ReadFile(path)
				text.Write(src)
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	scripts := text.String()
	for _, op := range engine.Ops() {
		how := spelled[op.Name]
		if how == "" {
			how = op.Name
			if !regexp.MustCompile(`\b` + regexp.QuoteMeta(how) + `\b`).MatchString(scripts) {
				t.Errorf("no test script uses the operation %s", op.Name)
			}
			continue
		}
		if !strings.Contains(scripts, how) {
			t.Errorf("no test script uses the operation %s, as %q", op.Name, how)
		}
	}
}
