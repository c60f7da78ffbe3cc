//go:build !unix

package main

import "os"

// peakResident is not known here.
func peakResident(*os.ProcessState) float64 { return 0 }
