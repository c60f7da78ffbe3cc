// Package monitor serves what is known of the memory of a process, over HTTP on a Unix
// socket that only its user can reach, and asks for it: the socket of a process PID is
// PID.sock in [Dir].
//
// The paths are those of version 1 of its interface; answers are JSON but for /metrics,
// which is in Prometheus' text format. docs/monitoring.md describes them.
package monitor
