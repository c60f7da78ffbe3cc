//go:build !unix

package main

import (
	"os"
	"time"
)

// processorTime is not known here.
func processorTime() time.Duration { return 0 }

// peakResident is not known here.
func peakResident(*os.ProcessState) float64 { return 0 }
