package stdlib

import (
	"encoding/ascii85"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"hash/adler32"
	"hash/crc32"
	"strings"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
)

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
	rows := []function{
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
	}
	for i := range rows {
		rows[i].body = converting(rows[i].body)
	}
	define(mod, rows)
	return mod
}

// asciiBytes takes ASCII text or bytes.
func asciiBytes(c *call, i int) []byte {
	if s, ok := object.AsString(c.Arg(i)); ok {
		return []byte(s)
	}
	return c.Bytes(i)
}

const (
	// conversionGrowth is how many bytes converting a byte takes: copies, and text.
	conversionGrowth = 6
	// longConversion is the number of bytes from which on converting takes some milliseconds.
	longConversion = 1 << 20
)

// converting holds a function of the bytes or the text that is its first argument to the
// budget.
func converting(f func(c *call) (starlark.Value, error)) func(c *call) (starlark.Value, error) {
	return func(c *call) (starlark.Value, error) {
		n := starlark.Len(object.Unwrap(c.Arg(0)))
		if err := object.GrowTimes(c.Thread, max(n, 0), conversionGrowth); err != nil {
			return nil, err
		}
		if n < longConversion {
			return f(c)
		}
		return object.Aside(c.Thread, func() (starlark.Value, error) { return f(c) })
	}
}
