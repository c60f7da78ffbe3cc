//go:build !race

package alloc

// raceDetector tells that the program is built with it.
const raceDetector = false
