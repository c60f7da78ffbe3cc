package stdlib

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding"
	"encoding/hex"
	"hash"
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
			if c.Err != nil {
				return nil, c.Err
			}
			return nil, h.take(c, b)
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
// take hashes bytes, of which a part takes some milliseconds.
func (h *hasher) take(c *call, b []byte) error {
	const part = 1 << 20
	for len(b) > part {
		if err := object.Steps(c.Thread, object.LongStep); err != nil {
			return err
		}
		h.h.Write(b[:part])
		b = b[part:]
	}
	h.h.Write(b)
	return nil
}

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
		if err := h.take(c, b); err != nil {
			return nil, err
		}
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
		made := &hasher{"hmac-" + c.Str(2), h}
		if err := made.take(c, msg); err != nil {
			return nil, err
		}
		return made, nil
	}}})
	return mod
}
