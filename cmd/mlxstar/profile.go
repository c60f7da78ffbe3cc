package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mlxstar/mlxstar"
	"github.com/mlxstar/mlxstar/memory"
	"github.com/mlxstar/mlxstar/memory/export"
)

// startProfile profiles what a runtime runs. What it gives ends that, and writes the file.
func startProfile(rt *mlxstar.Runtime, path string, stderr io.Writer) (end func(), err error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	p, err := rt.ProfileCPU()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() {
		p.Stop()
		if err := errors.Join(export.CPU(file, p.Samples()), file.Close()); err != nil {
			fmt.Fprintf(stderr, "mlxstar: --cpuprofile: %s\n", err)
		}
	}, nil
}

// prunRows is how many functions and lines %prun shows.
const prunRows = 12

// prun runs a statement and prints where its processor time went.
func (p *prompter) prun(ctx context.Context, stmt string) error {
	profile, err := p.rt.ProfileCPU()
	if err != nil {
		return err
	}
	err = p.show(ctx, stmt)
	profile.Stop()
	samples := profile.Samples()
	var total time.Duration
	for _, s := range samples {
		total += s.Time
	}
	fmt.Fprintf(p.out, "processor time %s\n", readable(total))
	if total > 0 {
		p.rows("FUNCTION", memory.CPUFunctions(samples), total, func(r memory.CPURow) string { return r.Function + " (" + r.File + ")" })
		p.rows("LINE", memory.CPULines(samples), total, func(r memory.CPURow) string { return r.String() })
	}
	return err
}

func (p *prompter) rows(what string, rows []memory.CPURow, total time.Duration, name func(memory.CPURow) string) {
	fmt.Fprintf(p.out, "%10s %6s %10s %6s  %s\n", "OWN", "", "ALL", "", what)
	for i, r := range rows {
		if i == prunRows {
			break
		}
		part := func(d time.Duration) float64 { return 100 * float64(d) / float64(total) }
		fmt.Fprintf(p.out, "%10s %5.1f%% %10s %5.1f%%  %s\n", readable(r.Own), part(r.Own), readable(r.All), part(r.All), name(r))
	}
}
