package documents_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/internal/suite"
)

var rewritePages = flag.Bool("rewrite-pages", false, "write what the commands of the pages print into the pages")

// shownPages have blocks of text that a reader can follow: files, and commands with what they print.
var shownPages = []string{"docs/tutorial.md", "docs/recipes.md", "docs/questions.md"}

var (
	heading = regexp.MustCompile(`(?m)^## .*$`)
	fenced  = regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\\n(.*?)^```$")
	link    = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
	numbers = regexp.MustCompile(`\d+(\.\d+)?( ms| s| KiB| MiB| GiB|%)`)
)

// TestPages follows the pages: a block that names a file is that file, and in a block of the
// console each line that begins with $ is a command, what follows it what it prints. Times and
// sizes may differ, and "..." stands for lines that are left out. Each section begins in an empty folder.
func TestPages(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	dir, name := t.TempDir(), "mlxstar"
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, name), filepath.Join(suite.Root(t), "cmd", "mlxstar")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, page := range shownPages {
		text := suite.Read(t, page)
		at := heading.FindAllStringIndex(text, -1)
		for i, h := range at {
			end := len(text)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			section := text[h[0]:end]
			t.Run(page+"/"+strings.TrimPrefix(text[h[0]:h[1]], "## "), func(t *testing.T) {
				if !*rewritePages {
					t.Parallel()
				}
				if now := followed(t, section, dir); *rewritePages && now != section {
					whole := suite.Read(t, page)
					path := filepath.Join(suite.Root(t), filepath.FromSlash(page))
					if err := os.WriteFile(path, []byte(strings.Replace(whole, section, now, 1)), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

// followed does what a section says, and gives it with what its commands printed.
func followed(t *testing.T, section, binaries string) string {
	folder := t.TempDir()
	return fenced.ReplaceAllStringFunc(section, func(block string) string {
		m := fenced.FindStringSubmatch(block)
		kind, name, body := m[1], m[2], m[3]
		switch {
		case kind == "console":
			return "```console\n" + session(t, body, folder, binaries) + "```"
		case name != "":
			path := filepath.Join(folder, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return block
	})
}

// session runs the commands of a block, and gives it with what they print.
func session(t *testing.T, body, folder, binaries string) string {
	var out strings.Builder
	for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
		command, shown, _ := strings.Cut(part, "\n")
		cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
		cmd.Dir = folder
		cmd.WaitDelay = 5 * time.Second
		cmd.Env = append(os.Environ(), "PATH="+binaries+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+folder, "NO_COLOR=1", "XDG_RUNTIME_DIR="+folder)
		printed, _ := cmd.CombinedOutput() // how it ends is part of what is shown
		got := strings.ReplaceAll(string(printed), folder+"/", "")
		if !like(got, shown) {
			if *rewritePages && !strings.Contains(shown, "...") {
				shown = got
			} else {
				t.Errorf("$ %s\nprints\n%s\nwhere is shown\n%s", command, got, shown)
			}
		}
		out.WriteString("$ " + command + "\n" + strings.TrimRight(shown, "\n"))
		if strings.TrimSpace(shown) != "" {
			out.WriteString("\n")
		}
	}
	return out.String()
}

// like compares what was printed with what is shown.
func like(got, shown string) bool {
	plain := func(s string) string {
		return strings.TrimSpace(numbers.ReplaceAllString(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " "), "N$2"))
	}
	parts := strings.Split(plain(shown), "...")
	rest := plain(got)
	for i, p := range parts {
		at := strings.Index(rest, strings.TrimSpace(p))
		if at < 0 || i == 0 && at != 0 {
			return false
		}
		rest = rest[at+len(strings.TrimSpace(p)):]
	}
	return len(parts) > 1 && strings.HasSuffix(strings.TrimSpace(plain(shown)), "...") || strings.TrimSpace(rest) == ""
}

// TestLinks finds what the pages link to.
func TestLinks(t *testing.T) {
	root := suite.Root(t)
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/*/*.md", "examples/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", filepath.Base(page), m[1])
			}
		}
	}
}
