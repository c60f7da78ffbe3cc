package tokenizer

import "encoding/json"

// templatePart is a special token or one of the sequences in a template.
type templatePart struct {
	SpecialToken *templateItem `json:"SpecialToken"`
	Sequence     *templateItem `json:"Sequence"`
}

type templateItem struct {
	ID     string `json:"id"`
	TypeID int    `json:"type_id"`
}

// templateSpan is what a special token of a template stands for.
type templateSpan struct {
	IDs    []int    `json:"ids"`
	Tokens []string `json:"tokens"`
}

// postProcessor puts special tokens around one or two sequences.
type postProcessor struct {
	single, pair []templatePart
	special      map[string]templateSpan
}

func (b *builder) postProcessors(raw json.RawMessage) []postProcessor {
	p, ok := b.read(raw)
	if !ok {
		return nil
	}
	switch p.Type {
	case "Sequence":
		var out []postProcessor
		for _, q := range p.Processors {
			out = append(out, b.postProcessors(q)...)
		}
		return out
	case "ByteLevel":
		return nil
	case "TemplateProcessing":
		return []postProcessor{{p.Single, p.Pair, p.Special}}
	case "BertProcessing", "RobertaProcessing":
		return []postProcessor{b.framed(p, p.Type == "RobertaProcessing")}
	}
	b.fail("the post-processor %s is not supported", p.Type)
	return nil
}

// framed is BERT's template, or RoBERTa's.
func (b *builder) framed(p part, roberta bool) postProcessor {
	special := map[string]templateSpan{}
	for name, token := range map[string][2]any{"cls": p.Cls, "sep": p.Sep} {
		text, ok := token[0].(string)
		id, number := token[1].(float64)
		if !ok || !number {
			b.fail("%s: the token %s is missing", p.Type, name)
		}
		special[name] = templateSpan{[]int{int(id)}, []string{text}}
	}
	mark := func(name string, typ int) templatePart { return templatePart{SpecialToken: &templateItem{name, typ}} }
	seq := func(name string, typ int) templatePart { return templatePart{Sequence: &templateItem{name, typ}} }
	out := postProcessor{single: []templatePart{mark("cls", 0), seq("A", 0), mark("sep", 0)}, special: special}
	out.pair = append(out.pair, out.single...)
	if roberta {
		out.pair = append(out.pair, mark("sep", 0), seq("B", 0), mark("sep", 0))
	} else {
		out.pair = append(out.pair, seq("B", 1), mark("sep", 1))
	}
	return out
}

// process joins one or two sequences, with special tokens or without.
func (t *Tokenizer) process(a, b *Encoding, special bool) *Encoding {
	template := []templatePart{{Sequence: &templateItem{"A", 0}}}
	if b != nil {
		template = append(template, templatePart{Sequence: &templateItem{"B", 1}})
	}
	var tokens map[string]templateSpan
	for _, p := range t.post {
		chosen := p.single
		if b != nil {
			chosen = p.pair
		}
		if len(chosen) > 0 {
			template, tokens = chosen, p.special
		}
	}
	out := &Encoding{}
	for _, part := range template {
		switch {
		case part.Sequence != nil:
			e := a
			if part.Sequence.ID == "B" {
				e = b
			}
			if e == nil {
				continue
			}
			for i := range e.IDs {
				out.push(e.IDs[i], e.Tokens[i], e.Words[i])
				out.TypeIDs[len(out.TypeIDs)-1] = part.Sequence.TypeID
			}
		case part.SpecialToken != nil && special:
			span := tokens[part.SpecialToken.ID]
			for i, id := range span.IDs {
				text := part.SpecialToken.ID
				if i < len(span.Tokens) {
					text = span.Tokens[i]
				}
				out.push(id, text, -1)
				out.TypeIDs[len(out.TypeIDs)-1], out.Special[len(out.Special)-1] = part.SpecialToken.TypeID, true
			}
		}
	}
	return out
}
