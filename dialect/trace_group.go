package dialect

import (
	"fmt"
	"strings"

	"github.com/mlxstar/mlxstar/dialect/object"
)

// The most of a group that is printed.
const (
	printedMembers = 15
	printedDepth   = 10
)

// tree is where in the tree of a group a printer is.
type tree struct {
	depth int  // of groups around
	open  bool // the last branch wants its end
}

// margin stands before the lines of what is in a group.
func (p *printer) margin() string { return strings.Repeat("  ", p.tree.depth) }

// say prints lines at the printer's place in the tree.
func (p *printer) say(text string) {
	if p.tree.depth == 0 {
		p.out.WriteString(text)
		return
	}
	for line := range strings.Lines(text) {
		p.out.WriteString(p.margin() + "| " + line)
	}
}

// apart gives what f prints outside of the tree.
func (p *printer) apart(f func(p *printer)) string {
	part := *p
	part.out, part.tree = &strings.Builder{}, tree{}
	f(&part)
	return part.out.String()
}

// group prints a group of exceptions as a tree.
func (p *printer) group(e *object.Exception, trace []object.Frame) {
	if p.tree.depth > printedDepth {
		p.say(fmt.Sprintf("... (max_group_depth is %d)\n", printedDepth))
		return
	}
	root := p.tree.depth == 0
	if root {
		p.tree.depth = 1
	}
	if frames := p.apart(func(p *printer) { p.frames(trace) }); frames != "" {
		head, rest, _ := strings.Cut(frames, "\n")
		mark := "| "
		if root {
			mark = "+ "
		}
		p.out.WriteString(p.margin() + mark + "Exception Group " + head + "\n")
		p.say(rest)
	}
	p.say(p.apart(func(p *printer) { p.message(e) }))
	p.members(e.Members())
	if root {
		p.tree.depth = 0
	}
}

// members prints the members of a group, a branch for each.
func (p *printer) members(members []*object.Exception) {
	shown := min(len(members), printedMembers)
	branches := shown
	if len(members) > shown {
		branches++
	}
	for i := range branches {
		mark, label := "  +", fmt.Sprint(i+1)
		if i == 0 {
			mark = "+-+"
		}
		if i == shown {
			label = "..."
		}
		fmt.Fprintf(p.out, "%s%s---------------- %s ----------------\n", p.margin(), mark, label)
		p.tree.open = true
		p.tree.depth++
		if i < shown {
			p.chain(members[i], members[i].Traceback)
		} else if more := len(members) - shown; more == 1 {
			p.say("and 1 more exception\n")
		} else {
			p.say(fmt.Sprintf("and %d more exceptions\n", more))
		}
		if i == branches-1 && p.tree.open {
			p.out.WriteString(p.margin() + "+------------------------------------\n")
			p.tree.open = false
		}
		p.tree.depth--
	}
}
