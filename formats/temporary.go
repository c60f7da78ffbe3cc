package formats

import (
	"encoding/hex"
	"io/fs"
	"os"
	"strings"
)

// Temporary files are named after what they will be: ".model.npz.0123456789ab.tmp". Who
// writes one holds it. A process that is killed leaves one that nobody holds, which the next
// save in the folder removes.

// IsTemporary tells whether a file has the name of a temporary one.
func IsTemporary(name string) bool {
	rest, ok := strings.CutSuffix(name, ".tmp")
	at := strings.LastIndexByte(rest, '.')
	if !ok || at < 1 || rest[0] != '.' || len(rest)-at-1 != 12 {
		return false
	}
	_, err := hex.DecodeString(rest[at+1:])
	return err == nil
}

// Folder is what RemoveOrphans needs of a folder.
type Folder interface {
	Open(name string) (*os.File, error)
	Remove(name string) error
}

// RemoveOrphans removes the temporary files among the names that nobody holds. What it
// cannot remove stays.
func RemoveOrphans(folder Folder, names []string) {
	for _, name := range names {
		if !IsTemporary(name) {
			continue
		}
		f, err := folder.Open(name)
		if err != nil {
			continue
		}
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			if release, ok := Hold(f); ok {
				_ = folder.Remove(name)
				release()
			}
		}
		f.Close()
	}
}

// directory is a folder by its path.
type directory string

func (d directory) Open(name string) (*os.File, error) {
	return os.OpenFile(string(d)+name, os.O_RDONLY|openFlags, 0)
}
func (d directory) Remove(name string) error { return os.Remove(string(d) + name) }

// names lists the folder.
func (d directory) names() []string {
	path := string(d)
	if path == "" {
		path = "."
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return nil
	}
	return names
}

// linked tells whether a file that is open still has a name.
func linked(info fs.FileInfo) bool { return links(info) > 0 }
