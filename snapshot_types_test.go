package mlxstar_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unchanging are the types of values whose scripts change nothing in place, by package, and
// those that no variable ever holds.
var unchanging = map[string]string{
	"dialect": `helper iteration element counting block caller newBox unset classNames jump slot`,
	"dialect/object": `coroutineWrapper asyncStep anextAwaitable singleton unionType TracebackValue Range Property wrapper superValue
		Complex genericAlias dictView Slice Method BoundMethod Function attributeOf FrozenSet sourceText delegated`,
	"stdlib": `dirEntry structValue byteTokens loader compiledRegexp tupleGetter regexpMatch sentencePieceValue
		orderedBy getter`,
	"stdlib/internal/native": `Function`,
	"stdlib/numpy":           `arrayFlags scalar bound ufunc dtypeValue npzFile`,
	"builtins": `ref atCode ArrayAt property capsule DtypeCategory limits printContext Dtype DeviceType Device Stream imported
		RandomState Transformed ArrayLike Group Func ThreadLocalStream streamContext`,
	".": `hostObject tracked progress`,
}

// known are the types that the keeper itself knows.
var known = map[string]bool{"List": true, "Dict": true, "Set": true, "ByteArray": true, "Instance": true, "Type": true, "Exception": true,
	"Function": true, "MemoryView": true, "Generator": true, "Coroutine": true, "AsyncGenerator": true, "IteratorValue": true}

var (
	typeMethod = regexp.MustCompile(`(?m)^func \((?:\w+ )?\*?(\w+)\) Type\(\) string`)
	keepMethod = regexp.MustCompile(`(?m)^func \((?:\w+ )?\*?(\w+)\) KeepState\(`)
)

// TestSnapshotKnowsTypes has whoever adds a type of values decide what a snapshot does with it.
func TestSnapshotKnowsTypes(t *testing.T) {
	for dir, names := range unchanging {
		same, types, keep := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for name := range strings.FieldsSeq(names) {
			same[name] = true
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has %d files, %v", dir, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range typeMethod.FindAllSubmatch(src, -1) {
				types[string(m[1])] = true
			}
			for _, m := range keepMethod.FindAllSubmatch(src, -1) {
				keep[string(m[1])] = true
			}
		}
		for name := range types {
			if !same[name] && !keep[name] && !(dir == "dialect/object" && known[name]) {
				t.Errorf("%s.%s: a snapshot does not know what of it scripts can change: it wants a method KeepState, or a place in this test's table", dir, name)
			}
		}
		for name := range same {
			if !types[name] || keep[name] {
				t.Errorf("%s.%s does not belong in the table", dir, name)
			}
		}
	}
}
