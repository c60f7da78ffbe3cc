package stdlib

import (
	"context"
	"maps"
	"slices"

	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/internal/native"
	"github.com/mlxstar/mlxstar/stdlib/tokenizer"
)

// tokenizerValue is a tokenizer as scripts see it.
type tokenizerValue struct{ t *tokenizer.Tokenizer }

var (
	_ starlark.Value = (*tokenizerValue)(nil)
	_ object.HasType = (*tokenizerValue)(nil)

	tokenizerType = object.NewGoType("_tokenizers", "Engine", "A tokenizer.", nil)
)

func (t *tokenizerValue) String() string        { return "<_tokenizers.Engine object>" }
func (t *tokenizerValue) Type() string          { return "Engine" }
func (t *tokenizerValue) Freeze()               {}
func (t *tokenizerValue) Truth() starlark.Bool  { return true }
func (t *tokenizerValue) Hash() (uint32, error) { return 0, nil }
func (t *tokenizerValue) PyType() *object.Type  { return tokenizerType }

// tokenMatcher makes a matcher of a tokenizer's pattern, in the manner of regex.
func tokenMatcher(pattern string) (tokenizer.Matcher, error) {
	re, err := compileRegexp(nil, pattern, reFlags{extended: true, plainSpace: true})
	if err != nil {
		return nil, err
	}
	return func(text string) ([][2]int, error) {
		d := &decoded{}
		d.fill(text)
		var out [][2]int
		for pos := 0; pos <= len(d.runes); {
			m, err := re.back.forms[0].FindRunesMatchStartingAt(d.runes, pos)
			if err != nil || m == nil {
				return out, err
			}
			start, end := m.Index, m.Index+m.Length
			pos = max(end, start+1)
			if start == end {
				continue
			}
			if d.at != nil {
				start, end = int(d.at[start]), int(d.at[end])
			}
			out = append(out, [2]int{start, end})
		}
		return out, nil
	}, nil
}

func makeTokenizers(*Modules) *native.Module {
	mod := native.NewModule("_tokenizers", "The engine of tokenizers.")
	define(mod, []function{{"load(text, /)", "Read the text of a tokenizer.json.", func(c *call) (starlark.Value, error) {
		text := c.Str(0)
		if c.Err != nil {
			return nil, c.Err
		}
		if err := object.Grow(c.Thread, 8*int64(len(text))); err != nil {
			return nil, err
		}
		t, err := object.Aside(c.Thread, func() (*tokenizer.Tokenizer, error) { return tokenizer.Load([]byte(text), tokenMatcher) })
		if err != nil {
			return nil, object.Errorf(object.ValueError, "%s", err)
		}
		return &tokenizerValue{t}, nil
	}}, {"sentencepiece(model, /)", "Read the bytes of a .model file.", loadSentencePiece},
		{"tiktoken(ranks, pattern, /)", "Make a vocabulary of byte strings.", newByteTokens}})
	return mod
}

// ints is a list of numbers.
func ints(ns []int) starlark.Value {
	out := make([]starlark.Value, len(ns))
	for i, n := range ns {
		out[i] = starlark.MakeInt(n)
	}
	return starlark.NewList(out)
}

// texts reads a list of strings, or one string as a list of it.
func texts(c *call, i int) (out []string, whole bool) {
	if s, ok := object.AsString(c.Arg(i)); ok {
		return []string{s}, true
	}
	for _, v := range c.Items(i) {
		s, ok := object.AsString(v)
		if !ok {
			c.Fail(object.TypeError, "TextInputSequence must be str, got %s", object.TypeName(v))
			return nil, false
		}
		out = append(out, s)
	}
	return out, false
}

func init() {
	defineMethods(tokenizerType, []method[*tokenizerValue]{
		{"encode(text, pair, special, /)", "The numbers, tokens, types, marks of special tokens, and words of a text.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			words, whole := texts(c, 0)
			var pair []string
			if c.Given(1) {
				pair, _ = texts(c, 1)
			}
			special := c.BoolOr(2, true)
			if c.Err != nil {
				return nil, c.Err
			}
			size := 0
			for _, w := range append(slices.Clone(words), pair...) {
				size += len(w)
			}
			if err := object.Grow(c.Thread, 64*int64(size)); err != nil {
				return nil, err
			}
			e, err := object.AsideUntil(c.Thread, func(ctx context.Context) (*tokenizer.Encoding, error) {
				return t.t.Encode(ctx, words, whole, special, pair)
			})
			if err != nil {
				return nil, err
			}
			marks := make([]int, len(e.Special))
			for i, s := range e.Special {
				if s {
					marks[i] = 1
				}
			}
			return starlark.Tuple{ints(e.IDs), stringList(e.Tokens), ints(e.TypeIDs), ints(marks), ints(e.Words)}, nil
		}},
		{"decode(ids, skip_special, /)", "The text of tokens.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			var ids []int
			for _, v := range c.Items(0) {
				id, err := object.AsIndex(c.Thread, v)
				if err != nil {
					return nil, err
				}
				ids = append(ids, id)
			}
			skip := c.BoolOr(1, true)
			if c.Err != nil {
				return nil, c.Err
			}
			return starlark.String(t.t.Decode(ids, skip)), object.GrowTimes(c.Thread, len(ids), 64)
		}},
		{"join(tokens, /)", "The text of tokens that are known by their text.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			tokens, _ := texts(c, 0)
			return starlark.String(t.t.Join(tokens)), c.Err
		}},
		{"id(token, /)", "The number of a token, or None.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			if id, ok := t.t.ID(c.Str(0)); ok {
				return starlark.MakeInt(id), c.Err
			}
			return starlark.None, c.Err
		}},
		{"token(id, /)", "The token of a number, or None.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			if s, ok := t.t.Token(c.Int(0)); ok {
				return starlark.String(s), c.Err
			}
			return starlark.None, c.Err
		}},
		{"vocabulary(added, /)", "The number of each token.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			all := t.t.Vocabulary(c.BoolOr(0, true))
			if err := object.GrowTimes(c.Thread, len(all), 128); err != nil {
				return nil, err
			}
			d := starlark.NewDict(len(all))
			for _, s := range slices.Sorted(maps.Keys(all)) {
				_ = d.SetKey(starlark.String(s), starlark.MakeInt(all[s])) // a string hashes
			}
			return d, nil
		}},
		{"add(tokens, /)", "Add tokens, each a tuple of a text and five flags, and give how many were new.", func(t *tokenizerValue, c *call) (starlark.Value, error) {
			var added []tokenizer.Token
			for _, v := range c.Items(0) {
				row, ok := object.AsTuple(v)
				if !ok || len(row) != 6 {
					return nil, object.Errorf(object.TypeError, "add: a token is a tuple of six")
				}
				text, _ := object.AsString(row[0])
				flag := func(i int) bool { return bool(row[i].Truth()) }
				added = append(added, tokenizer.Token{Content: text, SingleWord: flag(1), Lstrip: flag(2), Rstrip: flag(3), Normalized: flag(4), Special: flag(5)})
			}
			if c.Err != nil {
				return nil, c.Err
			}
			n, err := object.Aside(c.Thread, func() (int, error) { return t.t.Add(added), nil }) // it may wait for what was left of a call
			return starlark.MakeInt(n), err
		}},
		{"added()", "The added tokens, each a tuple of its number, its text and five flags.", func(t *tokenizerValue, _ *call) (starlark.Value, error) {
			var out []starlark.Value
			for _, a := range t.t.Added() {
				out = append(out, starlark.Tuple{starlark.MakeInt(a.ID), starlark.String(a.Content), starlark.Bool(a.SingleWord), starlark.Bool(a.Lstrip),
					starlark.Bool(a.Rstrip), starlark.Bool(a.Normalized), starlark.Bool(a.Special)})
			}
			return list(out), nil
		}},
		{"json()", "The tokenizer as the text of a file.", func(t *tokenizerValue, _ *call) (starlark.Value, error) {
			b, err := t.t.JSON()
			return starlark.String(b), err
		}},
	})
}
