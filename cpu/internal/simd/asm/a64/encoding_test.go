package a64

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// written are the instructions in the generated files: by what Arm calls them, the
// word that stands for each, or the line of Go's assembler.
func written(t *testing.T) (words map[string]uint32, lines map[string]string) {
	t.Helper()
	files, err := filepath.Glob("../../z*_arm64.s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated files: %v", err)
	}
	words, lines = make(map[string]uint32), make(map[string]string)
	asWord := regexp.MustCompile(`^\tWORD\t\$0x([0-9a-f]{8}) // (.+)$`)
	asLine := regexp.MustCompile(`^\t([A-Z].*) // (.+)$`)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if m := asWord.FindStringSubmatch(line); m != nil {
				v, err := strconv.ParseUint(m[1], 16, 32)
				if err != nil {
					t.Fatal(err)
				}
				words[m[2]] = uint32(v)
			} else if m := asLine.FindStringSubmatch(line); m != nil {
				lines[m[2]] = m[1]
			}
		}
	}
	if len(words) < 100 || len(lines) < 100 {
		t.Fatalf("found %d words and %d lines: the files are not read right", len(words), len(lines))
	}
	return words, lines
}

// assembled has clang encode instructions.
func assembled(t *testing.T, instructions []string) []uint32 {
	t.Helper()
	clang, err := exec.LookPath("clang")
	if err != nil {
		t.Skip("there is no clang to compare with")
	}
	dir := t.TempDir()
	source, object := filepath.Join(dir, "all.s"), filepath.Join(dir, "all.o")
	if err := os.WriteFile(source, []byte(strings.Join(instructions, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(clang, "--target=aarch64-linux-gnu", "-c", source, "-o", object).CombinedOutput(); err != nil {
		if bytes.Contains(out, []byte("unable to create target")) {
			t.Skip("this clang does not know arm64")
		}
		t.Fatalf("clang: %v\n%s", err, out)
	}
	file, err := elf.Open(object)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	code, err := file.Section(".text").Data()
	if err != nil {
		t.Fatal(err)
	}
	words := make([]uint32, len(code)/4)
	for i := range words {
		words[i] = binary.LittleEndian.Uint32(code[4*i:])
	}
	return words
}

// TestWords holds every word of the generated files against what clang makes of the
// instruction that its comment names.
func TestWords(t *testing.T) {
	words, _ := written(t)
	var names []string
	for name := range words {
		names = append(names, name)
	}
	for i, want := range assembled(t, names) {
		if got := words[names[i]]; got != want {
			t.Errorf("%s is written as %#08x, want %#08x", names[i], got, want)
		}
	}
}

// TestLines has Go's assembler and clang encode the instructions that both know.
func TestLines(t *testing.T) {
	_, lines := written(t)
	var names []string
	for name := range lines {
		names = append(names, name)
	}
	want := assembled(t, names)
	var text strings.Builder
	text.WriteString("TEXT ·f(SB), 4, $0-0\n") // 4 is NOSPLIT
	for _, name := range names {
		fmt.Fprintf(&text, "\t%s\n", lines[name])
	}
	text.WriteString("\tRET\n")
	dir := t.TempDir()
	source := filepath.Join(dir, "all_arm64.s")
	if err := os.WriteFile(source, []byte(text.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	assemble := exec.Command("go", "tool", "asm", "-S", "-p", "p", "-o", filepath.Join(dir, "all.o"), source)
	assemble.Env = append(os.Environ(), "GOARCH=arm64")
	out, err := assemble.CombinedOutput()
	if err != nil {
		t.Fatalf("go tool asm: %v\n%s", err, out)
	}
	var code []byte
	for _, m := range regexp.MustCompile(`(?m)^\t0x[0-9a-f]{4}((?: [0-9a-f]{2}){1,16}) `).FindAllSubmatch(out, -1) {
		for _, b := range strings.Fields(string(m[1])) {
			v, err := strconv.ParseUint(b, 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			code = append(code, byte(v))
		}
	}
	if len(code) < 4*len(want) {
		t.Fatalf("go tool asm printed %d bytes, want %d or more", len(code), 4*len(want))
	}
	for i, w := range want {
		if got := binary.LittleEndian.Uint32(code[4*i:]); got != w {
			t.Errorf("%s: Go's assembler makes %#08x of %s, want %#08x", names[i], got, lines[names[i]], w)
		}
	}
}

// TestAllocation asks for what cannot be had.
func TestAllocation(t *testing.T) {
	file := NewFile("", "p")
	f := file.Func("crowded", "(n int)", "")
	var all []V
	for range 33 {
		v := f.V()
		f.Zero(v)
		all = append(all, v)
	}
	for _, v := range all {
		f.Three("fadd", S4, v, v, all[0])
	}
	if _, err := f.allocate(); err == nil {
		t.Error("33 vector registers were found")
	}
	f = file.Func("unset", "(n int)", "")
	f.Three("fadd", S4, f.V(), f.V(), f.V())
	if _, err := f.allocate(); err == nil {
		t.Error("a register was read that holds nothing")
	}
}

// TestLoops has a register that is set before a loop and read early in it keep what
// it holds until the loop's end.
func TestLoops(t *testing.T) {
	f := NewFile("", "p").Func("loop", "(n int)", "")
	n, kept := f.Load("n"), f.V()
	f.Zero(kept)
	top := f.Label("top")
	f.Here(top)
	sum := f.V()
	f.Three("fadd", S4, sum, kept, kept)
	late := f.V()
	f.Zero(late)
	f.SubFlags(n, 1)
	f.If("NE", top)
	f.Return()
	at, err := f.allocate()
	if err != nil {
		t.Fatal(err)
	}
	if at[kept] == at[sum] || at[kept] == at[late] {
		t.Errorf("the loop overwrites what it reads: registers %v", at)
	}
}
