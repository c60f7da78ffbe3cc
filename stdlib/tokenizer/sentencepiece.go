package tokenizer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Piece is an entry of a .model file of SentencePiece.
type Piece struct {
	Text  string
	Score float64
	Kind  PieceKind
}

// PieceKind says what a piece stands for.
type PieceKind int

// The kinds of pieces, by their numbers in files.
const (
	NormalPiece PieceKind = iota + 1
	UnknownPiece
	ControlPiece
	UserPiece
	UnusedPiece
	BytePiece
)

// SentencePiece is a .model file of SentencePiece: pieces, how text is rewritten before it is cut, and which
// algorithm cuts it.
type SentencePiece struct {
	Pieces  []Piece
	Unknown int // the number of the unknown piece

	model     model
	byText    map[string]int
	user      []int // pieces that are found before others, the longest first
	normalize normalizer
	trainer   trainerSpec
	rewriting normalizerSpec
	guard     guard
}

type trainerSpec struct {
	kind                uint64
	fallback, suffix    bool
	unknownText         string
	begin, end, padding string
}

type normalizerSpec struct {
	charsmap                   []byte
	prefix, collapse, escaping bool
}

// space is what stands for spaces in pieces.
const space = "▁"

// The algorithms that models name.
const (
	unigramModel = 1
	bpeModel     = 2
)

var errCut = errors.New("sentencepiece: the model is cut short")

// fields calls f for each field of a message in the wire format of protocol buffers.
func fields(b []byte, f func(number int, value uint64, text []byte) error) error {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			return errCut
		}
		b = b[n:]
		var value uint64
		var text []byte
		switch tag & 7 {
		case 0:
			if value, n = binary.Uvarint(b); n <= 0 {
				return errCut
			}
			b = b[n:]
		case 1, 5:
			size := 8
			if tag&7 == 5 {
				size = 4
			}
			if len(b) < size {
				return errCut
			}
			if value = uint64(binary.LittleEndian.Uint32(b)); size == 8 {
				value = binary.LittleEndian.Uint64(b)
			}
			b = b[size:]
		case 2:
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return errCut
			}
			text, b = b[n:n+int(size)], b[n+int(size):]
		default:
			return fmt.Errorf("sentencepiece: this is no model: a field is of wire type %d", tag&7)
		}
		if err := f(int(tag>>3), value, text); err != nil {
			return err
		}
	}
	return nil
}

// LoadSentencePiece reads a .model file.
func LoadSentencePiece(b []byte) (*SentencePiece, error) {
	s := &SentencePiece{Unknown: -1, byText: map[string]int{}}
	s.trainer = trainerSpec{kind: unigramModel, unknownText: " ⁇ ", begin: "<s>", end: "</s>", padding: "<pad>"}
	s.rewriting = normalizerSpec{prefix: true, collapse: true, escaping: true}
	err := fields(b, func(number int, _ uint64, text []byte) error {
		switch number {
		case 1:
			return s.readPiece(text)
		case 2:
			return s.readTrainer(text)
		case 3:
			return s.readNormalizer(text)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(s.Pieces) == 0 || s.Unknown < 0 {
		return nil, errors.New("sentencepiece: this is no model: it has no pieces, or none for what is unknown")
	}
	if len(s.rewriting.charsmap) > 0 {
		table, err := readCharsmap(s.rewriting.charsmap)
		if err != nil {
			return nil, fmt.Errorf("sentencepiece: %w", err)
		}
		s.normalize = table.rewrite
	}
	slices.SortStableFunc(s.user, func(i, j int) int { return len(s.Pieces[j].Text) - len(s.Pieces[i].Text) })
	return s, s.makeModel()
}

func (s *SentencePiece) readPiece(b []byte) error {
	p := Piece{Kind: NormalPiece}
	err := fields(b, func(number int, value uint64, text []byte) error {
		switch number {
		case 1:
			p.Text = string(text)
		case 2:
			p.Score = float64(math.Float32frombits(uint32(value)))
		case 3:
			p.Kind = PieceKind(value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	id := len(s.Pieces)
	s.Pieces = append(s.Pieces, p)
	if _, twice := s.byText[p.Text]; !twice {
		s.byText[p.Text] = id
	}
	switch p.Kind {
	case UnknownPiece:
		s.Unknown = id
	case UserPiece:
		if p.Text != "" {
			s.user = append(s.user, id)
		}
	}
	return nil
}

func (s *SentencePiece) readTrainer(b []byte) error {
	t := &s.trainer
	return fields(b, func(number int, value uint64, text []byte) error {
		switch number {
		case 3:
			t.kind = value
		case 24:
			t.suffix = value != 0
		case 35:
			t.fallback = value != 0
		case 44:
			t.unknownText = string(text)
		case 46:
			t.begin = string(text)
		case 47:
			t.end = string(text)
		case 48:
			t.padding = string(text)
		}
		return nil
	})
}

func (s *SentencePiece) readNormalizer(b []byte) error {
	n := &s.rewriting
	return fields(b, func(number int, value uint64, text []byte) error {
		switch number {
		case 2:
			n.charsmap = text
		case 3:
			n.prefix = value != 0
		case 4:
			n.collapse = value != 0
		case 5:
			n.escaping = value != 0
		}
		return nil
	})
}

// makeModel makes the model of the pieces that text is cut into.
func (s *SentencePiece) makeModel() error {
	v := &words{ids: map[string]int{}, texts: map[int]string{}}
	for i, p := range s.Pieces {
		v.texts[i] = p.Text
		switch p.Kind {
		case NormalPiece, UserPiece:
			if _, twice := v.ids[p.Text]; !twice {
				v.ids[p.Text] = i
			}
		case BytePiece:
			if v.bytes == nil {
				v.bytes = map[string]int{}
			}
			v.bytes[p.Text] = i
		}
	}
	switch s.trainer.kind {
	case unigramModel:
		m := &unigram{guard: &s.guard, words: v, unk: s.Unknown, bytes: s.trainer.fallback, least: math.Inf(1)}
		for _, p := range s.Pieces {
			m.list, m.scores = append(m.list, p.Text), append(m.scores, p.Score)
			if p.Kind == NormalPiece || p.Kind == UserPiece {
				m.longest = max(m.longest, len(p.Text))
			}
			if p.Kind == NormalPiece {
				m.least = min(m.least, p.Score)
			}
		}
		s.model = m
	case bpeModel:
		s.model = s.makeBPE(v)
	default:
		return fmt.Errorf("sentencepiece: models of type %d are not supported, those of unigrams (1) and of pairs (2) are", s.trainer.kind)
	}
	return nil
}

// makeBPE gives pairs of pieces that make another the rank of that.
func (s *SentencePiece) makeBPE(v *words) *bpe {
	m := &bpe{guard: &s.guard, words: v, unk: &unk{s.Unknown, s.Pieces[s.Unknown].Text}, fuse: true, bytes: s.trainer.fallback, cache: map[string][]int{}, merges: map[[2]int32]merge{}}
	order := make([]int, 0, len(s.Pieces))
	for i, p := range s.Pieces {
		if p.Kind == NormalPiece {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch a, b := s.Pieces[i].Score, s.Pieces[j].Score; {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	for rank, i := range order {
		text := s.Pieces[i].Text
		for at := 1; at < len(text); at++ {
			if !utf8.RuneStart(text[at]) {
				continue
			}
			left, ok := v.ids[text[:at]]
			right, ok2 := v.ids[text[at:]]
			if ok && ok2 {
				m.merges[[2]int32{int32(left), int32(right)}] = merge{int32(rank), int32(i)}
			}
		}
	}
	return m
}

// ID is the number of a piece, that of the unknown one for a text that is none.
func (s *SentencePiece) ID(text string) int {
	if id, ok := s.byText[text]; ok {
		return id
	}
	return s.Unknown
}

// Marks are the numbers of the pieces that begin and end a text and that fill it up, -1 where there is none.
func (s *SentencePiece) Marks() (begin, end, padding int) {
	control := func(text string) int {
		if id, ok := s.byText[text]; ok && s.Pieces[id].Kind == ControlPiece {
			return id
		}
		return -1
	}
	return control(s.trainer.begin), control(s.trainer.end), control(s.trainer.padding)
}

// Normalize rewrites a text as it is before it is cut.
func (s *SentencePiece) Normalize(text string) string {
	if s.normalize != nil {
		text = s.normalize(text)
	}
	if s.rewriting.collapse {
		text = strings.TrimLeft(text, " ")
		if s.rewriting.escaping {
			text = strings.TrimRight(text, " "+space)
		}
		text = strings.TrimRight(text, " ")
		for strings.Contains(text, "  ") {
			text = strings.ReplaceAll(text, "  ", " ")
		}
	}
	if text == "" {
		return ""
	}
	if s.rewriting.prefix && s.trainer.suffix {
		text += " "
	} else if s.rewriting.prefix {
		text = " " + text
	}
	if s.rewriting.escaping {
		text = strings.ReplaceAll(text, " ", space)
	}
	return text
}

// Encode cuts a text into pieces: their numbers, and what of the text they are.
func (s *SentencePiece) Encode(ctx context.Context, text string) (ids []int, parts []string, err error) {
	err = s.guard.during(ctx, func() { ids, parts = s.encode(text) })
	return ids, parts, err
}

func (s *SentencePiece) encode(text string) (ids []int, parts []string) {
	text = s.Normalize(text)
	emit := func(id int, part string) { ids, parts = append(ids, id), append(parts, part) }
	from := 0
	for i := 0; i < len(text); {
		s.guard.turn()
		id := s.userAt(text[i:])
		if id < 0 {
			i++
			continue
		}
		s.cut(text[from:i], emit)
		emit(id, s.Pieces[id].Text)
		i += len(s.Pieces[id].Text)
		from = i
	}
	s.cut(text[from:], emit)
	return ids, parts
}

func (s *SentencePiece) cut(text string, emit func(int, string)) {
	if text == "" {
		return
	}
	pairs, ok := s.model.(*bpe)
	if !ok {
		s.model.tokenize(text, emit)
		return
	}
	pairs.tokenize(text, func(id int, part string) {
		if id == s.Unknown { // which is of the characters that are no pieces
			end := 0
			for end < len(text) {
				_, n := utf8.DecodeRuneInString(text[end:])
				if _, known := pairs.ids[text[end:end+n]]; known {
					break
				}
				end += n
			}
			part = text[:end]
		}
		emit(id, part)
		if s.Pieces[id].Kind == BytePiece {
			part = text[:1]
		}
		text = text[len(part):]
	})
}

// userAt is the piece of the user's that a text begins with, or -1.
func (s *SentencePiece) userAt(text string) int {
	for _, id := range s.user {
		if strings.HasPrefix(text, s.Pieces[id].Text) {
			return id
		}
	}
	return -1
}

// Decode makes text of pieces. Texts that are no pieces stand for themselves.
func (s *SentencePiece) Decode(ids []int, parts []string) string {
	var b strings.Builder
	var pending []byte
	flush := func() {
		for len(pending) > 0 {
			r, n := utf8.DecodeRune(pending)
			b.WriteRune(r)
			pending = pending[n:]
		}
	}
	atStart, seen := true, false
	for i, id := range ids {
		p := s.Pieces[id]
		if p.Kind == BytePiece {
			var c byte
			if _, err := fmt.Sscanf(p.Text, "<0x%02X>", &c); err == nil {
				pending = append(pending, c)
				continue
			}
		}
		flush()
		if seen || b.Len() > 0 {
			atStart = false
		}
		seen = false
		switch {
		case p.Kind == ControlPiece:
		case p.Kind == UnknownPiece && (parts == nil || parts[i] == p.Text):
			b.WriteString(s.trainer.unknownText)
		case p.Kind == UnknownPiece:
			b.WriteString(parts[i])
		default:
			text := p.Text
			if atStart && (s.rewriting.prefix || s.rewriting.collapse) {
				rest, cut := strings.CutPrefix(text, space)
				text, seen = rest, cut && !s.rewriting.collapse
			}
			b.WriteString(strings.ReplaceAll(text, space, " "))
		}
	}
	flush()
	return b.String()
}
