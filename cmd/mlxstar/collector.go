package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A program's first milliseconds read and compile what it imports. The heap is small
// then, and at Go's default would be collected ten times before anything can die, a
// third of the time of an import. So the command lets a small heap grow further
// between collections, and returns to the default once the heap is not small.
const (
	startPercent   = 400
	defaultPercent = 100
	smallHeap      = 64 << 20
)

// relaxCollector starts with few collections, unless GOGC says what is wanted.
func relaxCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(startPercent)
		restoreCollector()
	}
}

// boundCollector has Go collect in time for a hard limit, and give memory back to the
// system, unless GOMEMLIMIT says what is wanted.
func boundCollector(hard int64) {
	if hard > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(hard)
	}
}

// restoreCollector looks at the heap after the next collection, and again after the
// one that follows while the heap is small; once it is not, Go's default is back.
func restoreCollector() {
	type sentinel struct{ _ [32]byte }
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) {
		goal := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
		metrics.Read(goal)
		if goal[0].Value.Uint64() > smallHeap {
			debug.SetGCPercent(defaultPercent)
			return
		}
		restoreCollector()
	})
}
