// Package memory keeps account of where an engine's memory goes: by line of the script
// and its callers, by operation, dtype and shape, now, at the peak and over time.
//
// A [Recorder] is an [engine.Observer]: it is told of each buffer that is given out or
// taken back, and of evaluations. What it keeps is bounded, however long a run is: the
// latest events in a ring, sums by line, a timeline whose resolution halves as it fills,
// and the latest steps. A [Profile] is all of that at one instant, as data: what monitors
// serve and files hold.
package memory
