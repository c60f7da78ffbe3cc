package stdlib

import (
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

func makeIO(m *Modules) *native.Module {
	mod := native.NewModule("io", "Streams: the types of file objects, and streams in memory.")
	mod.Members["StringIO"] = stringIOType
	mod.Members["BytesIO"] = bytesIOType
	mod.Members["TextIOWrapper"] = textType
	mod.Members["BufferedReader"] = bufferedReaderType
	mod.Members["BufferedWriter"] = bufferedWriterType
	mod.Members["BufferedRandom"] = bufferedRandomType
	mod.Members["UnsupportedOperation"] = unsupportedOperation
	mod.Members["open"] = m.builtins["open"]
	mod.Members["DEFAULT_BUFFER_SIZE"] = starlark.MakeInt(bufferSize)
	for name, whence := range map[string]int{"SEEK_SET": 0, "SEEK_CUR": 1, "SEEK_END": 2} {
		mod.Members[name] = starlark.MakeInt(whence)
	}
	return mod
}
