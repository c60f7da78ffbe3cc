package object

import (
	"strings"
	"testing"
)

func TestEveryMethodOfABuiltinTypeHasADoc(t *testing.T) {
	methods := 0
	for _, typ := range []*Type{StrType, BytesType, ByteArrayType, MemoryViewType, ListType, TupleType, DictType, SetType, FrozenSetType,
		IntType, FloatType, ComplexType, RangeType, SliceType, GeneratorType, BaseException} {
		for _, name := range typ.attrs.Names() {
			v, _ := typ.attrs.Get(name)
			if m, ok := v.(*Method); ok && !strings.HasPrefix(name, "_") {
				methods++
				if m.Doc() == "" {
					t.Errorf("%s.%s has no doc", typ.name, name)
				}
			}
		}
	}
	if methods < 100 {
		t.Errorf("saw %d methods", methods)
	}
}
