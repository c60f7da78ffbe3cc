package alloc

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// SystemMemory returns the bytes of memory that this process may use: the
// machine's, or its job object's limit if that is lower. It is 0 if it cannot be
// found out.
func SystemMemory() int64 {
	// MEMORYSTATUSEX
	var status struct {
		length, load                               uint32
		totalPhys, availPhys, totalPage, availPage uint64
		totalVirtual, availVirtual, availExtended  uint64
	}
	status.length = uint32(unsafe.Sizeof(status))
	query := windows.NewLazySystemDLL("kernel32.dll").NewProc("GlobalMemoryStatusEx")
	if ok, _, _ := query.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
		return 0
	}
	total := int64(status.totalPhys)
	var job windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	err := windows.QueryInformationJobObject(0, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&job)), uint32(unsafe.Sizeof(job)), nil)
	if err != nil {
		return total // in no job
	}
	flags := job.BasicLimitInformation.LimitFlags
	if flags&windows.JOB_OBJECT_LIMIT_PROCESS_MEMORY != 0 {
		total = min(total, int64(job.ProcessMemoryLimit))
	}
	if flags&windows.JOB_OBJECT_LIMIT_JOB_MEMORY != 0 {
		total = min(total, int64(job.JobMemoryLimit))
	}
	return total
}

// ResidentSet returns the bytes of physical memory that the process occupies: its
// working set.
func ResidentSet() (int64, error) {
	// PROCESS_MEMORY_COUNTERS
	var counters struct {
		size, faults                             uint32
		peakWorkingSet, workingSet               uintptr
		peakPaged, paged, peakNonPaged, nonPaged uintptr
		pagefile, peakPagefile                   uintptr
	}
	counters.size = uint32(unsafe.Sizeof(counters))
	query := windows.NewLazySystemDLL("kernel32.dll").NewProc("K32GetProcessMemoryInfo")
	ok, _, err := query.Call(uintptr(windows.CurrentProcess()), uintptr(unsafe.Pointer(&counters)), uintptr(counters.size))
	if ok == 0 {
		return 0, fmt.Errorf("resident set: %w", err)
	}
	return int64(counters.workingSet), nil
}
