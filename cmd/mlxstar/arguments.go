package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mlxstar/mlxstar"
)

// grammar is what a command line may say. Every command reads its own by one, and -h and
// --help are of all.
type grammar struct {
	flags  map[string]*bool
	values map[string]func(v string) error // of options that take a value

	// operand takes what is no option, wherever it stands. If it is nil, the first operand
	// ends the options.
	operand func(v string) error
	ends    []string // operands that look like options
}

// errHelp asks for a command's usage.
var errHelp = errors.New("help")

// read reads a command line and gives what it did not take: what begins with the first
// operand, where that ends the options. An option's error begins with the option's name.
func (g grammar) read(args []string) (rest []string, err error) {
	for len(args) > 0 {
		arg := args[0]
		name, value, joined := strings.Cut(arg, "=")
		switch set := g.values[name]; {
		case g.flags[arg] != nil:
			*g.flags[arg] = true
		case arg == "-h" || arg == "--help":
			return nil, errHelp
		case set != nil:
			if !joined {
				if args = args[1:]; len(args) == 0 {
					return nil, fmt.Errorf("%s: no value given", name)
				}
				value = args[0]
			}
			if err := set(value); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		case strings.HasPrefix(arg, "-") && arg != "-" && !slices.Contains(g.ends, arg):
			return nil, fmt.Errorf("unknown option %s", name)
		case g.operand == nil:
			return args, nil
		default:
			if err := g.operand(arg); err != nil {
				return nil, err
			}
		}
		args = args[1:]
	}
	return nil, nil
}

// names are the options, sorted.
func (g grammar) names() []string {
	names := []string{"-h", "--help"}
	for name := range g.flags {
		names = append(names, name)
	}
	for name := range g.values {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// number takes a number from least to most; a most of 0 is no bound.
func number(to *int, least, most int) func(v string) error {
	return func(v string) error {
		n, err := strconv.Atoi(v)
		switch {
		case err == nil && n >= least && (n <= most || most == 0):
			*to = n
			return nil
		case most == 0:
			return fmt.Errorf("got %q, want a number from %d", v, least)
		}
		return fmt.Errorf("got %q, want a number from %d to %d", v, least, most)
	}
}

// size takes a number of bytes such as 2GiB.
func size(to *int64) func(v string) error {
	return func(v string) (err error) {
		*to, err = mlxstar.ParseSize(v)
		return err
	}
}

func text(to *string) func(v string) error { return func(v string) error { *to = v; return nil } }

// file takes a file's name.
func file(to *string) func(v string) error {
	return func(v string) error {
		if v == "" {
			return errors.New("got an empty name, want a file's")
		}
		*to = v
		return nil
	}
}

// list takes a value each time that the option is given.
func list(to *[]string) func(v string) error {
	return func(v string) error { *to = append(*to, v); return nil }
}
