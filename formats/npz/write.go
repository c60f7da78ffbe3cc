package npz

import (
	"archive/zip"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/mlxstar/mlxstar/formats"
	"github.com/mlxstar/mlxstar/formats/npy"
)

// ownerReadWrite are the permissions an unpacked member gets, in the place
// where zip files keep those of Unix.
const ownerReadWrite = 0o600 << 16

// Write writes an archive of the arrays in their order, deflated or stored.
// Each is a member with its name and the suffix ".npy", dated to the earliest
// day a zip file can state: the same arrays give the same bytes at any time.
func Write(w io.Writer, arrays []formats.Array, compress bool) error {
	method := zip.Store
	if compress {
		method = zip.Deflate
	}
	archive := zip.NewWriter(w)
	seen := make(map[string]bool)
	for _, a := range arrays {
		if seen[a.Name] {
			return formats.Errorf(format, formats.Malformed, -1, "write: array %s given twice", a.Label())
		}
		seen[a.Name] = true
		if err := writeMember(archive, a, method); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return &formats.Error{Format: format, Kind: formats.IO, Offset: -1, Message: "write directory", Err: err}
	}
	return nil
}

func writeMember(archive *zip.Writer, a formats.Array, method uint16) error {
	const longestName = 1<<16 - 1
	if len(a.Name)+len(suffix) > longestName || strings.ContainsRune(a.Name, 0) {
		return formats.Errorf(format, formats.Unsupported, -1, "write: array %s: a name has at most %d bytes and none is zero", a.Label(), longestName-len(suffix))
	}
	member, err := archive.CreateHeader(&zip.FileHeader{
		Name:          a.Name + suffix,
		Method:        method,
		Modified:      time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC),
		ExternalAttrs: ownerReadWrite,
	})
	if err == nil {
		err = npy.Write(member, a)
	}
	if err == nil {
		return nil
	}
	var typed *formats.Error
	if errors.As(err, &typed) {
		return &formats.Error{Format: format, Kind: typed.Kind, Offset: -1, Message: "write array " + a.Label(), Err: err}
	}
	return &formats.Error{Format: format, Kind: formats.IO, Offset: -1, Message: "write array " + a.Label(), Err: err}
}
