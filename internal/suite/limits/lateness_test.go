package limits

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlxstar/mlxstar/internal/cputime"
)

// stop is how late a script stopped that met its deadline.
type stop struct {
	what      string
	late      time.Duration
	processor time.Duration // that the process used meanwhile: what a busy machine takes does not count
	where     string        // what its goroutine was in, if that was more than is allowed
}

const (
	// allowed is the processor time that may pass between a deadline and the end of its script.
	allowed = 50 * time.Millisecond
	// lookEvery is how often a script that is late is looked at.
	lookEvery = 10 * time.Millisecond
)

// observe watches what runs under the context from its deadline on. It is told when that has ended.
func observe(ctx context.Context, what string) (ended func() *stop) {
	done, result := make(chan struct{}), make(chan *stop, 1)
	go func() {
		select {
		case <-done:
			result <- nil
			return
		case <-ctx.Done():
		}
		deadline, _ := ctx.Deadline()
		s, from := &stop{what: what}, cputime.Process()
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				s.late, s.processor = time.Since(deadline), cputime.Process()-from
				result <- s
				return
			case <-ticker.C:
				if s.where == "" && cputime.Process()-from > allowed {
					s.where = inScript()
				}
			}
		}
	}()
	return func() *stop {
		close(done)
		return <-result
	}
}

var (
	goroutineHead = regexp.MustCompile(`(?m)^goroutine \d+ \[([^]]*)\]:$`)
	functionLine  = regexp.MustCompile(`(?m)^([^\s(]\S*)\(`)
)

// inScript names the functions that the goroutine of the script is in, innermost first.
func inScript() string {
	buf := make([]byte, 8<<20)
	for text := range strings.SplitSeq(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if !strings.Contains(text, ").runWith(") {
			continue
		}
		state := goroutineHead.FindStringSubmatch(text)
		var names []string
		for _, m := range functionLine.FindAllStringSubmatch(text, -1) {
			names = append(names, m[1][strings.LastIndex(m[1], "/")+1:])
		}
		if len(state) > 1 {
			names = slices.Insert(names[:min(12, len(names))], 0, state[1])
		}
		return strings.Join(names, " < ")
	}
	return "no script"
}

// settle waits until what earlier scripts left to end by itself has ended, so that its
// processor time is not taken for the next one's.
func settle() {
	const idle = 20 * time.Millisecond
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		from := cputime.Process()
		time.Sleep(idle)
		if cputime.Process()-from < idle/10 {
			return
		}
	}
}

// report tells of the latest, by processor time.
func report(t *testing.T, stops []*stop) {
	slices.SortFunc(stops, func(a, b *stop) int { return int(b.processor - a.processor) })
	late := 0
	for _, s := range stops {
		if s.processor > allowed {
			late++
		}
	}
	t.Logf("%d stopped at their deadline, %d of them used more than %v of processor time after it", len(stops), late, allowed)
	for i, s := range stops {
		if i >= 12 && s.processor <= allowed {
			break
		}
		line := fmt.Sprintf("%s: %v late, %v of processor time", s.what, s.late.Round(100*time.Microsecond), s.processor.Round(100*time.Microsecond))
		if s.where != "" {
			line += ", in " + s.where
		}
		t.Log(line)
	}
}
