// Package record writes what a recorder is told to a file while a run goes on, and reads
// such files. They are bounded, and whole up to the last second or so if the process is
// killed.
//
// A file is the eight bytes "mlxmem2\n" and blocks, each of them
//
//	kind    one byte
//	length  of what follows, a varint
//	data    a frame of Zstandard
//
// The kinds are 'R', JSON: rows that events refer to by number, from the number "from" on;
// 'E': events; and 'P' and 'F', JSON: a profile of a run that goes on, and of one that has
// ended, of which the last one counts. Unknown kinds are to be skipped. Varints are unsigned LEB128, as Go's encoding/binary has them; signed
// numbers are zigzag-encoded.
//
// Decompressed, a block of events is the varints count, the microseconds since the
// recorder began, the bytes that were active and those that were cached, all as they were
// before its first event, and then six columns of count entries each:
//
//	kind    one byte; 0x80 is set for buffers from the cache
//	time    microseconds since the event before
//	id      of the buffer, less the one of the event before, signed
//	bytes   of the buffer; of an evaluation its operations; of a step its number
//	row     its number plus one, 0 for none
//	cache   bytes cached, less those of the event before, signed
//
// What is active follows: kind 1 (allocate) adds its bytes, kind 2 (free) takes them off.
// The others are 3 (the buffer holds another array from now on), 4 (cached memory went to
// the system), 5 (dead buffers were looked for, and so many bytes found), 6 and 7 (an
// evaluation begins and ends) and 8 (a step ends).
//
// Once a file is as large as it may be, every other block of events is dropped, but for
// the first one, the one with the peak and the latest: sums stay exact, and what remains
// still shows whole stretches of the run.
package record
