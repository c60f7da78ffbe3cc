package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	// twice is the time in which a second signal ends what the first interrupted.
	twice = 2 * time.Second
	// unwinding is how long a run that was ended may take to return. One that reads
	// from a terminal does not.
	unwinding = time.Second
)

var errTwice = errors.New("interrupted twice")

// timeLimit is the cause of a context that the time limit ended.
type timeLimit time.Duration

func (t timeLimit) Error() string {
	return fmt.Sprintf("the time limit of %s is over", time.Duration(t))
}

// bounded gives the context of a run, which the time limit ends. The first Ctrl-C or
// SIGTERM is a KeyboardInterrupt of the script; a second one soon after ends the run.
func bounded(rt interface{ Interrupt() bool }, o *options) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(context.Background())
	stopTimer := context.CancelFunc(func() {})
	if o.timeLimit > 0 {
		ctx, stopTimer = context.WithTimeoutCause(ctx, o.timeLimit, timeLimit(o.timeLimit))
	}
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	over := make(chan struct{})
	go func() {
		var last time.Time
		for {
			select {
			case <-over:
				return
			case <-signals:
			}
			now := time.Now()
			if now.Sub(last) > twice && rt.Interrupt() {
				last = now
				continue
			}
			end(errTwice)
			select {
			case <-over:
				return
			case <-time.After(unwinding):
				os.Exit(exitInterrupt)
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		stopTimer()
		end(nil)
	}
}
