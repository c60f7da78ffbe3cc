//go:build race

package alloc

// raceDetector tells that the program is built with it. The detector knows no order
// between the last use of a buffer that a collection found dead and the first use
// of its memory by the next, and would report them where they are Go memory.
const raceDetector = true
