// Package metalsim stands in for the frameworks of macOS, so that the Metal
// backend's own host code and kernels run, and are held to Metal's rules, where
// there is no Apple GPU. Only tests import it: it links C++ that clang compiles
// when it is first asked for.
//
// The library sends Objective-C messages to classes of its own, compiles Metal
// source as C++ in which device, constant and threadgroup are true address
// spaces, runs every thread of a threadgroup as a fiber, so that barriers and
// simdgroup functions wait as they do on a GPU, and ends every buffer at memory
// that cannot be accessed. What Metal's validation layer would stop at is
// reported by Misuses.
package metalsim
