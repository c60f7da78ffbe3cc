package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// part is a script, or what lies between two lines of three dashes in one.
type part struct {
	File     string  // the path as it was given
	Line     int     // of its first line
	source   string  // with blank lines in front that keep the lines' numbers
	declared string  // why it must differ, or ""
	loose    bool    // declared for the whole file: this part may agree
	mlx      bool    // it needs MLX
	drawn    bool    // it was drawn, and its source is shown where it differs
	sums     float64 // what it prints is made of sums, whose rounding is this part of their largest term
}

func (p *part) place() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

var (
	declaration   = regexp.MustCompile(`(?m)^\s*# differs: (.+)$`)
	declaredForIt = regexp.MustCompile(`(?m)^# differs everywhere: (.+)$`)
	needsMLX      = regexp.MustCompile(`\bmlx\b|\bmx\.|\bnn\.`)
)

// collect lists the parts of all scripts below the folders, which may be files.
func collect(dirs, only []string) ([]*part, error) {
	var parts []*part
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if ext := filepath.Ext(path); d.IsDir() || ext != ".py" && ext != ".star" {
				return nil
			}
			if len(only) > 0 && !slices.ContainsFunc(only, func(s string) bool { return strings.Contains(path, s) }) {
				return nil
			}
			src, err := os.ReadFile(path)
			if err == nil {
				parts = append(parts, split(path, string(src))...)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// split divides a script at its lines of three dashes.
func split(path, src string) []*part {
	var parts []*part
	src = strings.ReplaceAll(src, "\r\n", "\n")
	everywhere := declaredForIt.FindStringSubmatch(src)
	line := 1
	for _, text := range strings.Split("\n"+src, "\n---\n") {
		if line == 1 {
			text = strings.TrimPrefix(text, "\n")
		}
		p := &part{File: path, Line: line, source: strings.Repeat("\n", line-1) + text, mlx: needsMLX.MatchString(text)}
		switch m := declaration.FindStringSubmatch(text); {
		case m != nil:
			p.declared = m[1]
		case everywhere != nil:
			p.declared, p.loose = everywhere[1], true
		}
		line += strings.Count(text, "\n") + 2
		if strings.TrimSpace(text) != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
