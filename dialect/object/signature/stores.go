package signature

import (
	"strconv"
	"strings"
)

// Place is a place in a source.
type Place struct{ Line, Col int32 }

// storesMark begins what a function's name carries of the places where it sets items of
// lists. Starlark's error of an index that is out of range is the same for reading one.
const storesMark = nameMark + "["

// Stores is what to add to a function's name for such places.
func Stores(places []Place) string {
	if len(places) == 0 {
		return ""
	}
	var b strings.Builder
	for i, p := range places {
		if i == 0 {
			b.WriteString(storesMark)
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(p.String())
	}
	b.WriteByte(']')
	return b.String()
}

func (p Place) String() string {
	return strconv.Itoa(int(p.Line)) + ":" + strconv.Itoa(int(p.Col))
}

// Sets reports whether the function of a name sets an item at a place.
func Sets(name string, p Place) bool {
	_, places, found := strings.Cut(name, storesMark)
	if !found {
		return false
	}
	places, _, _ = strings.Cut(places, "]")
	return strings.Contains(" "+places+" ", " "+p.String()+" ")
}
