package documents_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlxstar/mlxstar/internal/suite"
)

var (
	quotedCommand = regexp.MustCompile("`(go test [^`]*)`")
	lineCommand   = regexp.MustCompile(`(?m)^(?:\s+|\$ |.*= *1 |)(?:\w+=\S+ )*(go test .*)$`)
	definedFlag   = regexp.MustCompile(`flag\.\w+\("([^"]+)"`)
	definedTest   = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// goFlags are those of go test itself, and whether a value follows.
var goFlags = map[string]bool{"-run": true, "-v": false, "-race": false, "-short": false, "-c": false, "-o": true, "-exec": true, "-count": true, "-json": false, "-bench": true, "-benchtime": true}

// tests are what the test files of packages define.
type tests struct{ names, flags []string }

// testsOf reads the test files of a package, or of all below a folder ("./engine/...").
func testsOf(t *testing.T, root, pattern string) (found tests) {
	t.Helper()
	dir, all := strings.CutSuffix(pattern, "/...")
	top := filepath.Join(root, filepath.FromSlash(dir))
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != top && (!all || strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range definedTest.FindAllStringSubmatch(string(text), -1) {
			found.names = append(found.names, m[1])
		}
		for _, m := range definedFlag.FindAllStringSubmatch(string(text), -1) {
			found.flags = append(found.flags, "-"+m[1])
		}
		return err
	})
	if err != nil {
		t.Errorf("%s: %v", pattern, err)
	}
	return found
}

// commands lists the go test commands of a text.
func commands(text string) (list []string) {
	for _, m := range quotedCommand.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	for _, m := range lineCommand.FindAllStringSubmatch(text, -1) {
		command, _, _ := strings.Cut(strings.TrimSpace(m[1]), "  ") // what follows says what it does
		list = append(list, command)
	}
	return list
}

// wrongWith tells what a command names that is not there, or "".
func wrongWith(t *testing.T, root, command string) string {
	t.Helper()
	words := strings.Fields(strings.NewReplacer("'", "", `"`, "").Replace(command))[2:]
	var found tests
	for _, w := range words {
		if w == "." || strings.HasPrefix(w, "./") {
			some := testsOf(t, root, w)
			found.names, found.flags = append(found.names, some.names...), append(found.flags, some.flags...)
		}
	}
	for _, m := range definedFlag.FindAllStringSubmatch(suite.Read(t, "internal/conformance/flags/flags.go"), -1) {
		found.flags = append(found.flags, "-"+m[1])
	}
	if len(found.names) == 0 {
		return "its packages have no tests"
	}
	for i, w := range words {
		if !strings.HasPrefix(w, "-") {
			continue
		}
		if _, ok := goFlags[w]; !ok && !slices.Contains(found.flags, w) {
			return "no package of it has the flag " + w
		}
		if w != "-run" || i+1 == len(words) || slices.Contains(words, "-bench") { // which runs no tests
			continue
		}
		name, err := regexp.Compile(words[i+1])
		if err != nil {
			return err.Error()
		}
		if !slices.ContainsFunc(found.names, name.MatchString) {
			return "no test of it is called " + words[i+1]
		}
	}
	return ""
}

// TestCommands holds the commands of the documents to the packages, tests and flags
// that there are.
func TestCommands(t *testing.T) {
	root := suite.Root(t)
	files := slices.Concat([]string{"README.md", "CONTRIBUTING.md", ".ci/run"}, suite.Glob(t, "docs/*.md"))
	count := 0
	for _, file := range files {
		for _, command := range commands(suite.Read(t, file)) {
			if strings.Contains(command, "$") || strings.Contains(command, "go -C") {
				continue // of the shell's variables
			}
			count++
			if wrong := wrongWith(t, root, command); wrong != "" {
				t.Errorf("%s: %s: %s", file, command, wrong)
			}
		}
	}
	if count < 15 {
		t.Errorf("%d commands; the documents were not read", count)
	}
	for _, bad := range []string{"go test . -run TestConformance", "go test ./internal/suite/conformance -no-such-flag", "go test ./docs/pictures"} {
		if wrongWith(t, root, bad) == "" {
			t.Errorf("%s passes", bad)
		}
	}
}
