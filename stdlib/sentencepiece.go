package stdlib

import (
	"context"
	"go.starlark.net/starlark"

	"github.com/mlxstar/mlxstar/dialect/object"
	"github.com/mlxstar/mlxstar/stdlib/tokenizer"
)

// sentencePieceValue is a model of SentencePiece as scripts see it.
type sentencePieceValue struct{ m *tokenizer.SentencePiece }

var (
	_ starlark.Value = (*sentencePieceValue)(nil)
	_ object.HasType = (*sentencePieceValue)(nil)

	sentencePieceType = object.NewGoType("_tokenizers", "SentencePiece", "A model of SentencePiece.", nil)
)

func (s *sentencePieceValue) String() string        { return "<_tokenizers.SentencePiece object>" }
func (s *sentencePieceValue) Type() string          { return "SentencePiece" }
func (s *sentencePieceValue) Freeze()               {}
func (s *sentencePieceValue) Truth() starlark.Bool  { return true }
func (s *sentencePieceValue) Hash() (uint32, error) { return 0, nil }
func (s *sentencePieceValue) PyType() *object.Type  { return sentencePieceType }

// loadSentencePiece reads the bytes of a .model file.
func loadSentencePiece(c *call) (starlark.Value, error) {
	b, ok := object.Unwrap(c.Arg(0)).(starlark.Bytes)
	if !ok {
		c.Fail(object.TypeError, "a model is bytes, got %s", object.TypeName(c.Arg(0)))
		return nil, c.Err
	}
	if err := object.Grow(c.Thread, 16*int64(len(b))); err != nil {
		return nil, err
	}
	m, err := object.Aside(c.Thread, func() (*tokenizer.SentencePiece, error) { return tokenizer.LoadSentencePiece([]byte(b)) })
	if err != nil {
		return nil, object.Errorf(object.RuntimeError, "%s", err)
	}
	return &sentencePieceValue{m}, nil
}

// pieceID reads the number of a piece.
func (s *sentencePieceValue) pieceID(c *call, v starlark.Value) (int, error) {
	id, err := object.AsIndex(c.Thread, v)
	if err == nil && (id < 0 || id >= len(s.m.Pieces)) {
		err = object.Errorf(object.IndexError, "OUT_OF_RANGE: piece id is out of range.")
	}
	return id, err
}

func init() {
	defineMethods(sentencePieceType, []method[*sentencePieceValue]{
		{"encode(text, /)", "The numbers of a text's pieces, and what of the text they are.", func(s *sentencePieceValue, c *call) (starlark.Value, error) {
			text := c.Str(0)
			if c.Err != nil {
				return nil, c.Err
			}
			if err := object.Grow(c.Thread, 64*int64(len(text))); err != nil {
				return nil, err
			}
			out, err := object.AsideUntil(c.Thread, func(ctx context.Context) (starlark.Tuple, error) {
				ids, parts, err := s.m.Encode(ctx, text)
				return starlark.Tuple{ints(ids), stringList(parts)}, err
			})
			return out, err
		}},
		{"decode(ids, parts=None, /)", "The text of pieces.", func(s *sentencePieceValue, c *call) (starlark.Value, error) {
			var ids []int
			for _, v := range c.Items(0) {
				id, err := s.pieceID(c, v)
				if err != nil {
					return nil, err
				}
				ids = append(ids, id)
			}
			var parts []string
			if c.Given(1) {
				if parts, _ = texts(c, 1); len(parts) != len(ids) {
					c.Fail(object.ValueError, "decode: got %d numbers and %d texts", len(ids), len(parts))
				}
			}
			if c.Err != nil {
				return nil, c.Err
			}
			if err := object.GrowTimes(c.Thread, len(ids), 64); err != nil {
				return nil, err
			}
			return starlark.String(s.m.Decode(ids, parts)), nil
		}},
		{"normalize(text, /)", "A text as it is before it is cut.", func(s *sentencePieceValue, c *call) (starlark.Value, error) {
			text := c.Str(0)
			if c.Err != nil {
				return nil, c.Err
			}
			return starlark.String(s.m.Normalize(text)), object.Grow(c.Thread, 8*int64(len(text)))
		}},
		{"piece(id, /)", "The text, the score and the kind of a piece.", func(s *sentencePieceValue, c *call) (starlark.Value, error) {
			id, err := s.pieceID(c, c.Arg(0))
			if err != nil {
				return nil, err
			}
			p := s.m.Pieces[id]
			return starlark.Tuple{starlark.String(p.Text), starlark.Float(p.Score), starlark.MakeInt(int(p.Kind))}, nil
		}},
		{"id(text, /)", "The number of a piece, or of what stands for unknown ones.", func(s *sentencePieceValue, c *call) (starlark.Value, error) {
			return starlark.MakeInt(s.m.ID(c.Str(0))), c.Err
		}},
		{"size()", "How many pieces there are.", func(s *sentencePieceValue, _ *call) (starlark.Value, error) {
			return starlark.MakeInt(len(s.m.Pieces)), nil
		}},
		{"marks()", "The numbers of the pieces that are unknown, begin, end and fill up.", func(s *sentencePieceValue, _ *call) (starlark.Value, error) {
			begin, end, padding := s.m.Marks()
			return starlark.Tuple{starlark.MakeInt(s.m.Unknown), starlark.MakeInt(begin), starlark.MakeInt(end), starlark.MakeInt(padding)}, nil
		}},
	})
}
