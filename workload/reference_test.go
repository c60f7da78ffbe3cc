package workload

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var updateReference = flag.Bool("update-reference", false, "write the reference in docs/workloads.md")

// TestReference holds docs/workloads.md to the schema.
func TestReference(t *testing.T) {
	const path, mark = "../docs/workloads.md", "<!-- reference -->\n"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(page), mark)
	if !found {
		t.Fatal("the page has no place for the reference")
	}
	want := head + mark + "\n" + strings.TrimSuffix(Reference(), "\n")
	if *updateReference {
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(page) != want {
		t.Error("the reference is not that of the schema: go test ./workload -run TestReference -update-reference")
	}
}
