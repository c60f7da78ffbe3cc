package stdlib

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding"
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

// digests are the hash functions by hashlib's names.
var digests = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	"sha3_224": func() hash.Hash { return sha3.New224() }, "sha3_256": func() hash.Hash { return sha3.New256() },
	"sha3_384": func() hash.Hash { return sha3.New384() }, "sha3_512": func() hash.Hash { return sha3.New512() },
}

// hasher is a running digest.
type hasher struct {
	name string
	h    hash.Hash
}

var (
	_ starlark.HasAttrs = (*hasher)(nil)
	_ object.HasType    = (*hasher)(nil)
)

var hasherType = object.NewGoType("_hashlib", "HASH", "A running digest.", nil)

func (h *hasher) String() string        { return "<" + h.name + " _hashlib.HASH object>" }
func (h *hasher) Type() string          { return "HASH" }
func (h *hasher) Freeze()               {}
func (h *hasher) Truth() starlark.Bool  { return true }
func (h *hasher) Hash() (uint32, error) { return starlark.String(h.name).Hash() }
func (h *hasher) PyType() *object.Type  { return hasherType }
func (h *hasher) AttrNames() []string   { return []string{"block_size", "digest_size", "name"} }

// Attr gives name, digest_size and block_size.
func (h *hasher) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(h.name), nil
	case "digest_size":
		return starlark.MakeInt(h.h.Size()), nil
	case "block_size":
		return starlark.MakeInt(h.h.BlockSize()), nil
	}
	return nil, nil
}

func init() {
	defineMethods(hasherType, []method[*hasher]{
		{"update(data, /)", "Add bytes.", func(h *hasher, c *call) (starlark.Value, error) {
			b := hashableBytes(c, 0)
			if c.Err == nil {
				h.h.Write(b)
			}
			return nil, c.Err
		}},
		{"digest()", "The digest so far, as bytes.", func(h *hasher, _ *call) (starlark.Value, error) {
			return starlark.Bytes(h.h.Sum(nil)), nil
		}},
		{"hexdigest()", "The digest so far, in hexadecimal.", func(h *hasher, _ *call) (starlark.Value, error) {
			return starlark.String(hex.EncodeToString(h.h.Sum(nil))), nil
		}},
		{"copy()", "A digest of its own with the same state.", func(h *hasher, _ *call) (starlark.Value, error) {
			m, ok := h.h.(encoding.BinaryMarshaler)
			make, known := digests[h.name]
			if !ok || !known {
				return nil, object.Errorf(object.NotImplementedError, "copy of a %s digest is not provided here", h.name)
			}
			state, err := m.MarshalBinary()
			if err != nil {
				return nil, err
			}
			to := make()
			return &hasher{h.name, to}, to.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
		}},
	})
}

// hashableBytes takes bytes; a str must be encoded first.
func hashableBytes(c *call, i int) []byte {
	if _, ok := object.AsString(c.Arg(i)); ok {
		c.Fail(object.TypeError, "Strings must be encoded before hashing")
		return nil
	}
	return c.Bytes(i)
}

func newHasher(c *call, name string, data int) (starlark.Value, error) {
	make, ok := digests[strings.ReplaceAll(strings.ToLower(name), "-", "_")]
	if !ok {
		return nil, object.Errorf(object.ValueError, "unsupported hash type %s", name)
	}
	h := &hasher{strings.ToLower(name), make()}
	if c.Arg(data) != nil {
		b := hashableBytes(c, data)
		if c.Err != nil {
			return nil, c.Err
		}
		h.h.Write(b)
	}
	return h, nil
}

// makeHashlib makes hashlib.
func makeHashlib(*Modules) *native.Module {
	mod := native.NewModule("hashlib", "Secure hash functions.")
	var names []string
	var rows []function
	for name := range digests {
		names = append(names, name)
		rows = append(rows, function{name + "(string=b'', *, usedforsecurity=True)", "The " + name + " digest.", func(c *call) (starlark.Value, error) {
			return newHasher(c, name, 0)
		}})
	}
	slices.Sort(names)
	available := new(starlark.Set)
	for _, n := range names {
		_ = available.Insert(starlark.String(n)) // strings hash
	}
	mod.Members["algorithms_available"], mod.Members["algorithms_guaranteed"] = available, available
	rows = append(rows, function{"new(name, string=b'', *, usedforsecurity=True)", "A digest by its name.", func(c *call) (starlark.Value, error) {
		return newHasher(c, c.Str(0), 1)
	}})
	define(mod, rows)
	return mod
}

// makeHMAC makes _hmac, under hmac.
func makeHMAC(*Modules) *native.Module {
	mod := native.NewModule("_hmac", "Keyed digests.")
	define(mod, []function{{"new(key, msg, digestmod)", "A keyed digest.", func(c *call) (starlark.Value, error) {
		make, ok := digests[c.Str(2)]
		key, msg := c.Bytes(0), c.Bytes(1)
		if c.Err != nil {
			return nil, c.Err
		}
		if !ok {
			return nil, object.Errorf(object.ValueError, "unsupported hash type %s", c.Str(2))
		}
		h := hmac.New(make, key)
		h.Write(msg)
		return &hasher{"hmac-" + c.Str(2), h}, nil
	}}})
	return mod
}

// asciiBytes takes ASCII text or bytes.
func asciiBytes(c *call, i int) []byte {
	if s, ok := object.AsString(c.Arg(i)); ok {
		return []byte(s)
	}
	return c.Bytes(i)
}

// makeBinascii makes binascii, on which base64 stands.
func makeBinascii(*Modules) *native.Module {
	mod := native.NewModule("binascii", "Conversion between binary data and ASCII.")
	bad := native.NewClass("Error", "binascii", object.ValueError)
	mod.Members["Error"] = bad
	fail := func(text string) error { return object.Errorf(bad, "%s", text) }
	toHex := func(c *call) (starlark.Value, error) {
		b := c.Bytes(0)
		return starlark.Bytes(hex.EncodeToString(b)), c.Err
	}
	fromHex := func(c *call) (starlark.Value, error) {
		b, err := hex.DecodeString(string(asciiBytes(c, 0)))
		switch {
		case c.Err != nil:
			return nil, c.Err
		case err == hex.ErrLength:
			return nil, fail("Odd-length string")
		case err != nil:
			return nil, fail("Non-hexadecimal digit found")
		}
		return starlark.Bytes(b), nil
	}
	define(mod, []function{
		{"hexlify(data, /)", "The bytes in hexadecimal.", toHex},
		{"b2a_hex(data, /)", "The bytes in hexadecimal.", toHex},
		{"unhexlify(hexstr, /)", "The bytes that hexadecimal digits spell.", fromHex},
		{"a2b_hex(hexstr, /)", "The bytes that hexadecimal digits spell.", fromHex},
		{"b2a_base64(data, /, *, newline=True)", "A line of base64.", func(c *call) (starlark.Value, error) {
			s := base64.StdEncoding.EncodeToString(c.Bytes(0))
			if c.BoolOr(1, true) {
				s += "\n"
			}
			return starlark.Bytes(s), c.Err
		}},
		{"a2b_base64(data, /, *, strict_mode=False)", "The bytes that base64 spells.", func(c *call) (starlark.Value, error) {
			strict := c.BoolOr(1, false)
			var digits []byte
			for _, b := range asciiBytes(c, 0) {
				ok := b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '+' || b == '/'
				if ok {
					digits = append(digits, b)
				} else if b != '=' && strict {
					return nil, fail("Only base64 data is allowed")
				}
			}
			if len(digits)%4 == 1 {
				return nil, fail("Invalid base64-encoded string: number of data characters (" + starlark.MakeInt(len(digits)).String() + ") cannot be 1 more than a multiple of 4")
			}
			padding := strings.Count(string(asciiBytes(c, 0)), "=")
			if (4-len(digits)%4)%4 > padding {
				return nil, fail("Incorrect padding")
			}
			out, err := base64.RawStdEncoding.DecodeString(string(digits))
			if err != nil {
				return nil, fail("Invalid base64-encoded string")
			}
			return starlark.Bytes(out), c.Err
		}},
		{"_b32encode(data, /)", "base32.", func(c *call) (starlark.Value, error) {
			return starlark.Bytes(base32.StdEncoding.EncodeToString(c.Bytes(0))), c.Err
		}},
		{"_b32decode(data, /)", "The bytes that base32 spells.", func(c *call) (starlark.Value, error) {
			out, err := base32.StdEncoding.DecodeString(string(asciiBytes(c, 0)))
			if err != nil {
				return nil, fail("Incorrect padding")
			}
			return starlark.Bytes(out), c.Err
		}},
		{"_a85encode(data, /)", "ascii85.", func(c *call) (starlark.Value, error) {
			b := c.Bytes(0)
			out := make([]byte, ascii85.MaxEncodedLen(len(b)))
			return starlark.Bytes(out[:ascii85.Encode(out, b)]), c.Err
		}},
		{"crc32(data, crc=0, /)", "The CRC-32 of bytes.", func(c *call) (starlark.Value, error) {
			return starlark.MakeUint64(uint64(crc32.Update(uint32(c.IntOr(1, 0)), crc32.IEEETable, c.Bytes(0)))), c.Err
		}},
		{"_adler32(data, /)", "The Adler-32 of bytes.", func(c *call) (starlark.Value, error) {
			return starlark.MakeUint64(uint64(adler32.Checksum(c.Bytes(0)))), c.Err
		}},
	})
	return mod
}
