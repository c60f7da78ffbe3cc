package stdlib

import (
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"hash/adler32"
	"hash/crc32"
	"io"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// deflated are the formats around deflated data, as zlib's wbits name them.
func deflated(wbits int) (format string, ok bool) {
	switch {
	case wbits >= -15 && wbits <= -8:
		return "raw", true
	case wbits == 0 || wbits >= 8 && wbits <= 15:
		return "zlib", true
	case wbits >= 24 && wbits <= 31:
		return "gzip", true
	case wbits >= 40 && wbits <= 47:
		return "auto", true
	}
	return "", false
}

// inflater reads deflated data in a format.
func inflater(format string, r io.Reader) (io.Reader, error) {
	switch format {
	case "raw":
		return flate.NewReader(r), nil
	case "gzip":
		return gzip.NewReader(r)
	case "auto":
		b, ok := r.(*bytes.Reader)
		if first, err := b.ReadByte(); ok && err == nil {
			_ = b.UnreadByte() // a byte was read
			if first == 0x1f {
				return gzip.NewReader(r)
			}
		}
	}
	return zlib.NewReader(r)
}

func deflate(thread *starlark.Thread, format string, level int, data []byte) ([]byte, error) {
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch format {
	case "raw":
		w, err = flate.NewWriter(&out, level)
	case "gzip":
		w, err = gzip.NewWriterLevel(&out, level)
	default:
		w, err = zlib.NewWriterLevel(&out, level)
	}
	for err == nil && len(data) > 0 {
		var n int
		n, err = w.Write(data[:min(len(data), readChunk)])
		data = data[n:]
		if err == nil {
			err = object.Steps(thread, 1)
		}
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// makeZlib is what zlib is made of.
func makeZlib(*Modules) *native.Module {
	mod := native.NewModule("_zlib", "Compression with zlib's format.")
	bad := native.NewClass("error", "zlib", object.ExceptionType)
	mod.Members["error"] = bad
	for name, v := range map[string]int{"MAX_WBITS": 15, "DEFLATED": 8, "DEF_MEM_LEVEL": 8, "Z_BEST_COMPRESSION": 9, "Z_BEST_SPEED": 1,
		"Z_DEFAULT_COMPRESSION": -1, "Z_DEFAULT_STRATEGY": 0, "Z_NO_COMPRESSION": 0, "Z_NO_FLUSH": 0, "Z_SYNC_FLUSH": 2, "Z_FULL_FLUSH": 3, "Z_FINISH": 4} {
		mod.Members[name] = starlark.MakeInt(v)
	}
	mod.Members["ZLIB_VERSION"] = starlark.String("1.2.13")
	fail := func(format string, args ...any) error { return object.Errorf(bad, format, args...) }
	sum := func(start uint32, of func(sum uint32, data []byte) uint32) func(c *call) (starlark.Value, error) {
		return func(c *call) (starlark.Value, error) {
			data := c.Bytes(0)
			from := start
			if c.Given(1) {
				from = uint32(c.BigInt(1).Uint64())
			}
			return starlark.MakeUint(uint(of(from, data))), c.Err
		}
	}
	define(mod, []function{
		{"compress(data, /, level=-1, wbits=15)", "Return compressed data.", func(c *call) (starlark.Value, error) {
			data, level, wbits := c.Bytes(0), c.IntOr(1, -1), c.IntOr(2, 15)
			format, ok := deflated(wbits)
			switch {
			case c.Err != nil:
				return nil, c.Err
			case level < -1 || level > 9:
				return nil, fail("Bad compression level")
			case !ok || format == "auto":
				return nil, object.Errorf(object.ValueError, "Invalid initialization option")
			}
			out, err := deflate(c.Thread, format, level, data)
			return object.BytesOf(out), err
		}},
		{"decompress(data, /, wbits=15, bufsize=16384)", "Return decompressed data.", func(c *call) (starlark.Value, error) {
			data := c.Bytes(0)
			format, ok := deflated(c.IntOr(1, 15))
			if c.Err != nil || !ok {
				return nil, orElse(c.Err, object.Errorf(object.ValueError, "Invalid initialization option"))
			}
			r, err := inflater(format, bytes.NewReader(data))
			if err != nil {
				return nil, fail("Error -3 while decompressing data: incorrect header check")
			}
			out, err := readAll(c.Thread, r)
			return object.BytesOf(out), inflateError(err, fail)
		}},
		{"inflate(data, format, /)", "Return decompressed data as far as it goes, the bytes that were read, and whether it ended.", func(c *call) (starlark.Value, error) {
			data, format := c.Bytes(0), c.Str(1)
			if c.Err != nil {
				return nil, c.Err
			}
			source := bytes.NewReader(data)
			r, err := inflater(format, source)
			if err != nil {
				if len(data) > 10 {
					return nil, fail("Error -3 while decompressing data: incorrect header check")
				}
				return starlark.Tuple{starlark.Bytes(""), starlark.MakeInt(0), starlark.False}, nil
			}
			out, err := readAll(c.Thread, r)
			if err != nil && err != io.ErrUnexpectedEOF {
				return nil, inflateError(err, fail)
			}
			return starlark.Tuple{object.BytesOf(out), starlark.MakeInt(len(data) - source.Len()), starlark.Bool(err == nil)}, nil
		}},
		{"crc32(data, value=0, /)", "Compute a CRC-32 checksum of data.", sum(0, func(s uint32, data []byte) uint32 { return crc32.Update(s, crc32.IEEETable, data) })},
		{"adler32(data, value=1, /)", "Compute an Adler-32 checksum of data.", sum(1, func(s uint32, data []byte) uint32 {
			if s == 1 {
				return adler32.Checksum(data)
			}
			return adlerFrom(s, data)
		})},
	})
	return mod
}

// adlerFrom continues an Adler-32 checksum.
func adlerFrom(s uint32, data []byte) uint32 {
	const modulus = 65521
	a, b := s&0xffff, s>>16
	for _, x := range data {
		a = (a + uint32(x)) % modulus
		b = (b + a) % modulus
	}
	return b<<16 | a
}

func inflateError(err error, fail func(format string, args ...any) error) error {
	switch {
	case err == nil || object.IsUncatchable(err):
		return err
	case err == io.ErrUnexpectedEOF:
		return fail("Error -5 while decompressing data: incomplete or truncated stream")
	}
	if _, ok := err.(*object.Exception); ok {
		return err
	}
	return fail("Error -3 while decompressing data: %s", err)
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func makeBzip2(*Modules) *native.Module {
	mod := native.NewModule("_bz2", "Parts of bz2.")
	define(mod, []function{{"decompress(data, /)", "Return decompressed data; members may follow one another.", func(c *call) (starlark.Value, error) {
		data := c.Bytes(0)
		if c.Err != nil {
			return nil, c.Err
		}
		out, err := readAll(c.Thread, bzip2.NewReader(bytes.NewReader(data)))
		if _, bad := err.(bzip2.StructuralError); bad {
			return nil, object.Errorf(object.OSError, "Invalid data stream")
		}
		if err == io.ErrUnexpectedEOF {
			return nil, object.Errorf(object.ValueError, "Compressed data ended before the end-of-stream marker was reached")
		}
		return object.BytesOf(out), err
	}}})
	return mod
}
