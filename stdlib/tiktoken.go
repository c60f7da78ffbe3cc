package stdlib

import (
	"context"
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/tokenizer"
)

// byteTokens is a vocabulary of tiktoken's as scripts see it.
type byteTokens struct{ b *tokenizer.Bytes }

var (
	_ starlark.Value = (*byteTokens)(nil)
	_ object.HasType = (*byteTokens)(nil)

	byteTokensType = object.NewGoType("_tokenizers", "Bytes", "A vocabulary of byte strings.", nil)
)

func (b *byteTokens) String() string        { return "<_tokenizers.Bytes object>" }
func (b *byteTokens) Type() string          { return "Bytes" }
func (b *byteTokens) Freeze()               {}
func (b *byteTokens) Truth() starlark.Bool  { return true }
func (b *byteTokens) Hash() (uint32, error) { return 0, nil }
func (b *byteTokens) PyType() *object.Type  { return byteTokensType }

// newByteTokens makes a vocabulary of a dict of ranks and a pattern.
func newByteTokens(c *call) (starlark.Value, error) {
	d, ok := object.AsDict(c.Arg(0))
	if !ok {
		c.Fail(object.TypeError, "mergeable_ranks is a dict, got %s", object.TypeName(c.Arg(0)))
	}
	pattern := c.Str(1)
	if c.Err != nil {
		return nil, c.Err
	}
	if err := object.GrowTimes(c.Thread, d.Len(), 128); err != nil {
		return nil, err
	}
	ranks := make(map[string]int, d.Len())
	for _, kv := range d.Items() {
		s, ok := object.Unwrap(kv[0]).(starlark.Bytes)
		if !ok {
			return nil, object.Errorf(object.TypeError, "mergeable_ranks: a token is bytes, got %s", object.TypeName(kv[0]))
		}
		rank, err := object.AsIndex(c.Thread, kv[1])
		if err != nil {
			return nil, err
		}
		ranks[string(s)] = rank
	}
	b, err := object.Aside(c.Thread, func() (*tokenizer.Bytes, error) { return tokenizer.NewBytes(ranks, pattern, tokenMatcher) })
	if err != nil {
		return nil, object.Errorf(object.ValueError, "%s", err)
	}
	return &byteTokens{b}, nil
}

func init() {
	defineMethods(byteTokensType, []method[*byteTokens]{
		{"encode(text, /)", "The numbers of a text.", func(b *byteTokens, c *call) (starlark.Value, error) {
			text := c.Str(0)
			if c.Err != nil {
				return nil, c.Err
			}
			if err := object.Grow(c.Thread, 64*int64(len(text))); err != nil {
				return nil, err
			}
			ids, err := object.AsideUntil(c.Thread, func(ctx context.Context) ([]int, error) { return b.b.Encode(ctx, text) })
			if object.IsUncatchable(err) {
				return nil, err
			}
			if err != nil {
				return nil, object.Errorf(object.KeyError, "%s", err)
			}
			return ints(ids), nil
		}},
		{"rank(token, /)", "The number of a byte string, or None.", func(b *byteTokens, c *call) (starlark.Value, error) {
			s, ok := object.Unwrap(c.Arg(0)).(starlark.Bytes)
			if !ok {
				c.Fail(object.TypeError, "a token is bytes, got %s", object.TypeName(c.Arg(0)))
				return nil, c.Err
			}
			if rank, ok := b.b.Rank(string(s)); ok {
				return starlark.MakeInt(rank), nil
			}
			return starlark.None, nil
		}},
		{"text(rank, /)", "The byte string of a number, or None.", func(b *byteTokens, c *call) (starlark.Value, error) {
			if s, ok := b.b.Text(c.Int(0)); ok {
				return starlark.Bytes(s), c.Err
			}
			return starlark.None, c.Err
		}},
	})
}
