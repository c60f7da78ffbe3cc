package stdlib

import (
	"go.starlark.net/starlark"
)

func makeIO(m *Modules) *Module {
	mod := newModule("io", "Streams: the types of file objects, and streams in memory.")
	mod.attrs["StringIO"] = stringIOType
	mod.attrs["BytesIO"] = bytesIOType
	mod.attrs["TextIOWrapper"] = textType
	mod.attrs["BufferedReader"] = bufferedReaderType
	mod.attrs["BufferedWriter"] = bufferedWriterType
	mod.attrs["BufferedRandom"] = bufferedRandomType
	mod.attrs["UnsupportedOperation"] = unsupportedOperation
	mod.attrs["open"] = m.builtins["open"]
	mod.attrs["DEFAULT_BUFFER_SIZE"] = starlark.MakeInt(bufferSize)
	for name, whence := range map[string]int{"SEEK_SET": 0, "SEEK_CUR": 1, "SEEK_END": 2} {
		mod.attrs[name] = starlark.MakeInt(whence)
	}
	return mod
}
