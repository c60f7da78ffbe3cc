// Package flags defines the flags of the conformance test, and those of the tests on a
// GPU. Every package of tests imports it, so that they can be given to all of them at once:
//
//	go test ./... -run Conformance -v -corpus DIR
package flags

import "flag"

// Shipped is the corpus that comes with the library, seen from the root.
const Shipped = "testdata/conformance"

// The flags of the conformance test.
var (
	Corpus     = flag.String("corpus", Shipped, "directory of the conformance corpus, relative to the module's root")
	RecordGaps = flag.Bool("record-gaps", false, "write the programs of the shipped corpus that fail to testdata/gaps.json")
	Families   = flag.String("families", "", "families of the corpus to run, separated by commas; all by default")
)

// The flags of the tests on a GPU, which ask for more than the default's part.
var (
	Device          = flag.String("device", "", "real: run the tests on the machine's own GPU, Metal's or NVIDIA's; a simulated one by default, but on a Mac")
	GPUEvery        = flag.Int("gpu-every", 5, "run each n-th program of the corpus on the simulated GPU; 1 is all")
	GPUSteps        = flag.Int("gpu-steps", 200, "training steps that the simulated GPU's objects are counted over")
	GPUFaults       = flag.Int("gpu-faults", 2, "failures of each kind that are tried, spread over a run; 0 is all there are")
	GPUAll          = flag.Bool("gpu-all", false, "run every example on the GPU, and not the quick ones alone")
	LibrariesEvery  = flag.Int("libraries-every", 20, "have NVRTC compile each n-th library of the GPU's kernels; 1 is all")
	OperationsEvery = flag.Int("operations-every", 11, "compute each n-th cell of docs/operations.md on both devices; 1 is all")
)
