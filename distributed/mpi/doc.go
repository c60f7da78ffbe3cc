// Package mpi joins the processes that mpirun started, by MPI's library, for programs
// that import it. The library is loaded by its name at the first use, without cgo:
// MLX_MPI_LIBNAME, or libmpi; Open MPI's and MPICH's are known.
//
// MPI is a process's, and is entered and left once: one runtime of a process can have its
// group. All calls are made by one thread. Operations are begun, and then asked whether
// they are done, so that a script's end is noticed; since MPI may go on to write after
// that, it is given memory of the group's own, and elements pass through it in parts.
package mpi
