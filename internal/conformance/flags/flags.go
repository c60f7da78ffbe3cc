// Package flags defines the flags of the conformance test. Every package of
// tests imports it, so that they can be given to all of them at once:
//
//	go test ./... -run Conformance -v -corpus DIR
package flags

import "flag"

// Shipped is the corpus that comes with the library, seen from the root.
const Shipped = "testdata/conformance"

// The flags.
var (
	Corpus     = flag.String("corpus", Shipped, "directory of the conformance corpus, relative to the module's root")
	RecordGaps = flag.Bool("record-gaps", false, "write the programs of the shipped corpus that fail to testdata/gaps.json")
	Families   = flag.String("families", "", "families of the corpus to run, separated by commas; all by default")
)
