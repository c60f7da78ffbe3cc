// Package system links Metal's frameworks as macOS has them. Only there does it
// load anything: elsewhere programs stay statically linked.
package system
