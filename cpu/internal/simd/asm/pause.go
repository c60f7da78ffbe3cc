package main

import . "github.com/mmcloughlin/avo/build"

// pause writes what a loop that waits for another processor does between two looks.
func pause() {
	TEXT("Pause", NOSPLIT, "func()")
	Doc("Pause lets the processor rest for a moment, and whoever shares it work, in a loop that waits.")
	PAUSE()
	RET()
}
