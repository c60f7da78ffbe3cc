// Package isolate takes rights from a process, for the runtimes of mlxstar.Process:
//
//	func main() {
//		mlxstar.Child(isolate.Fence)
//		...
//	}
//
// On Linux, Landlock leaves the files of the folders that are granted, and no other file, no network and
// no signals to other processes; seccomp leaves the system calls that Go's run time and
// files need: no sockets, no programs, no other processes. It is a package of its own, so
// that programs that do not use it do not link its libraries.
package isolate
