package tokenizer

import (
	"encoding/json"
	"fmt"
)

// builder makes the parts of a tokenizer of what its file says, and keeps the first
// error.
type builder struct {
	compile Compile
	guard   *guard // of the tokenizer
	err     error
}

// part is what the file says of a part: every field that some kind has.
type part struct {
	Type string `json:"type"`

	Normalizers   []json.RawMessage `json:"normalizers"`
	Pretokenizers []json.RawMessage `json:"pretokenizers"`
	Processors    []json.RawMessage `json:"processors"`
	Decoders      []json.RawMessage `json:"decoders"`

	Pattern        pattern         `json:"pattern"`
	Content        json.RawMessage `json:"content"`
	Prepend        string          `json:"prepend"`
	StripLeft      bool            `json:"strip_left"`
	StripRight     bool            `json:"strip_right"`
	CleanText      bool            `json:"clean_text"`
	ChineseChars   bool            `json:"handle_chinese_chars"`
	StripAccents   *bool           `json:"strip_accents"`
	Lowercase      bool            `json:"lowercase"`
	Charsmap       []byte          `json:"precompiled_charsmap"`
	AddPrefixSpace *bool           `json:"add_prefix_space"`
	UseRegex       *bool           `json:"use_regex"`
	Behavior       string          `json:"behavior"`
	Invert         bool            `json:"invert"`
	Replacement    string          `json:"replacement"`
	PrependScheme  string          `json:"prepend_scheme"`
	Split          *bool           `json:"split"`
	Individual     bool            `json:"individual_digits"`
	Delimiter      string          `json:"delimiter"`

	Prefix  string `json:"prefix"`
	Suffix  string `json:"suffix"`
	Cleanup *bool  `json:"cleanup"`
	Start   int    `json:"start"`
	Stop    int    `json:"stop"`
	Pad     string `json:"pad_token"`
	Word    string `json:"word_delimiter_token"`

	Single  []templatePart          `json:"single"`
	Pair    []templatePart          `json:"pair"`
	Special map[string]templateSpan `json:"special_tokens"`
	Sep     [2]any                  `json:"sep"`
	Cls     [2]any                  `json:"cls"`
}

// pattern is a text or a regular expression.
type pattern struct {
	String *string `json:"String"`
	Regex  *string `json:"Regex"`
}

func (b *builder) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

// read reads a part; ok is false where the file has none.
func (b *builder) read(raw json.RawMessage) (p part, ok bool) {
	if len(raw) == 0 || string(raw) == "null" {
		return p, false
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		b.fail("%w", err)
		return p, false
	}
	return p, true
}

// text reads a field that is a string.
func (b *builder) text(raw json.RawMessage) string {
	var s string
	if raw != nil {
		if err := json.Unmarshal(raw, &s); err != nil {
			b.fail("%w", err)
		}
	}
	return s
}

// matcher makes a matcher of a pattern.
func (b *builder) matcher(p pattern) Matcher {
	switch {
	case p.String != nil:
		return literalMatcher(*p.String)
	case p.Regex != nil:
		m, err := b.compile(*p.Regex)
		if err != nil {
			b.fail("pattern %q: %w", *p.Regex, err)
		}
		return m
	}
	b.fail("a pattern is missing")
	return nil
}

// orTrue is a field that is true unless the file says otherwise.
func orTrue(v *bool) bool { return v == nil || *v }
