// Package cputime tells how long processors have worked for this process: the time that a
// busy machine does not add to.
package cputime
