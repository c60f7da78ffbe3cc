// Package system links Metal's frameworks as macOS has them. Only there does it
// load anything: elsewhere programs stay statically linked.
package system

// usualResourceLimit is how many buffers a process may have where the system does
// not say.
const usualResourceLimit = 499000
