//go:build !linux && !darwin

package monitor

import (
	"net"
	"os"
)

// Elsewhere the socket lies in the user's own folder for temporary files, whose rights
// keep others out.
func sameUser(net.Conn) bool { return true }

func ownedByUser(os.FileInfo) bool { return true }
