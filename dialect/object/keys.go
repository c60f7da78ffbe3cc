package object

import (
	"slices"
	"unsafe"

	"go.starlark.net/starlark"
)

// Starlark's dict and set compare keys as Starlark does: 1 and True differ, and
// the hash of a class instance has no thread to run on. The functions of this
// file give them Python's meaning: they lend instances the thread, and look a
// key up in every form that Python calls equal. Strings take none of that.

// lend prepares the instances in a key for hashing and comparison, and refuses a key
// that is nested too deeply, or too often, for that.
func lend(thread *starlark.Thread, k starlark.Value) error {
	switch k := k.(type) {
	case *Instance:
		return lendInstance(thread, k)
	case starlark.Tuple:
		if flat, err := lendFlat(thread, k); flat || err != nil {
			return err
		}
	case *FrozenSet, *genericAlias, *unionType:
	default:
		return nil
	}
	_, err := (&lender{thread: thread}).lend(k)
	return err
}

// lendInstance lets an instance be hashed and compared by code that has no thread.
func lendInstance(thread *starlark.Thread, i *Instance) error {
	i.thread = thread
	h, err := instanceHash(thread, i)
	if err != nil {
		return err
	}
	i.hash, i.hashed = h, true
	return nil
}

// lendFlat serves a tuple without anything nested in it; flat tells whether it is one.
func lendFlat(thread *starlark.Thread, t starlark.Tuple) (flat bool, err error) {
	for _, e := range t {
		switch e := e.(type) {
		case *Instance:
			if err := lendInstance(thread, e); err != nil {
				return false, err
			}
		case starlark.Tuple, *FrozenSet, *genericAlias, *unionType:
			return false, nil
		}
	}
	return true, nil
}

// maxHashed bounds the elements of a key, one that is part of it twice counting twice:
// hashes are computed from the parts, each as often as it occurs.
const maxHashed = 1 << 21

// lender lends to what is nested in a key, to each part once.
type lender struct {
	thread *starlark.Thread
	sizes  map[unsafe.Pointer]int
}

// lend gives the number of elements of a part.
func (l *lender) lend(x starlark.Value) (size int, err error) {
	var parts []starlark.Value
	switch x := x.(type) {
	case *Instance:
		return 1, lendInstance(l.thread, x)
	case starlark.Tuple:
		parts = x
	case *FrozenSet:
		parts = slices.Collect(x.set.Elements())
	case *genericAlias:
		parts = x.args
	case *unionType:
		parts = x.types
	default:
		return 1, nil
	}
	at := identity(x)
	if size, known := l.sizes[at]; known {
		return size, nil
	}
	b, err := Deeper(l.thread)
	if err != nil {
		return 0, err
	}
	defer b.Shallower()
	size = 1
	for _, p := range parts {
		n, err := l.lend(p)
		if err != nil {
			return 0, err
		}
		if size += n; size > maxHashed {
			return 0, Errorf(RecursionError, "hash %s: more than %d elements in those nested in it", typeName(x), maxHashed)
		}
	}
	if l.sizes == nil {
		l.sizes = map[unsafe.Pointer]int{}
	}
	l.sizes[at] = size
	return size, nil
}

// numberKey is the key with Python numbers for what stands for them: such a key
// is found by the number, and stored as it.
func numberKey(k starlark.Value) starlark.Value {
	switch v := k.(type) {
	case HasNumber:
		return v.PyNumber()
	case starlark.Tuple:
		if !holdsNumber(v) {
			return k
		}
		out := make(starlark.Tuple, len(v))
		for i, e := range v {
			out[i] = numberKey(e)
		}
		return out
	}
	return k
}

// holdsNumber reports whether a tuple has something that stands for a number.
func holdsNumber(t starlark.Tuple) bool {
	for _, e := range t {
		switch e := e.(type) {
		case HasNumber:
			return true
		case starlark.Tuple:
			if holdsNumber(e) {
				return true
			}
		}
	}
	return false
}

// plainForm is the builtin value that an instance of a subclass of str, int or
// tuple equals, where the class does not define equality itself; or nil.
func plainForm(i *Instance) starlark.Value {
	if i.base == nil || i.class.overrides("__hash__") || i.class.overrides("__eq__") {
		return nil
	}
	return i.base
}

// probe stands for a builtin value among the instances of subclasses of its
// type that are keys: it has their hash and compares equal to them.
func probe(thread *starlark.Thread, k starlark.Value) *Instance {
	switch k.(type) {
	case starlark.String, starlark.Int, starlark.Tuple, starlark.Float:
	default:
		return nil
	}
	h, err := k.Hash()
	if err != nil {
		return nil
	}
	return &Instance{class: ObjectType, base: k, thread: thread, hash: h, hashed: true}
}

// otherForms calls try with the keys that equal k in Python and not in
// Starlark, until it finds one that is there.
func otherForms(k starlark.Value, try func(starlark.Value) (bool, error)) (bool, error) {
	switch k := k.(type) {
	case starlark.Bool:
		return try(boolInt(k))
	case starlark.Int:
		if n, ok := k.Int64(); ok && (n == 0 || n == 1) {
			return try(starlark.Bool(n == 1))
		}
	case starlark.Float:
		if k == 0 || k == 1 {
			return try(starlark.Bool(k == 1))
		}
	case *Instance:
		if plain := plainForm(k); plain != nil {
			if found, err := try(plain); found || err != nil {
				return found, err
			}
			return otherForms(plain, try)
		}
	case Complex:
		if imag(k) == 0 {
			f := starlark.Float(real(k))
			if found, err := try(f); found || err != nil {
				return found, err
			}
			return otherForms(f, try)
		}
	case starlark.Tuple:
		return otherTuples(k, try)
	}
	return false, nil
}

// maxVariants bounds the elements of a tuple that are tried in both forms.
const maxVariants = 6

func otherTuples(k starlark.Tuple, try func(starlark.Value) (bool, error)) (bool, error) {
	var at []int
	var alt []starlark.Value
	for i, e := range k {
		var other starlark.Value
		_, err := otherForms(e, func(v starlark.Value) (bool, error) {
			other = v
			return true, nil
		})
		if err != nil {
			return false, err
		}
		if other != nil && len(at) < maxVariants {
			at, alt = append(at, i), append(alt, other)
		}
	}
	if len(at) == 0 {
		return false, nil
	}
	variant := make(starlark.Tuple, len(k))
	for mask := 1; mask < 1<<len(at); mask++ {
		copy(variant, k)
		for j, i := range at {
			if mask>>j&1 == 1 {
				variant[i] = alt[j]
			}
		}
		if found, err := try(variant); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// plainKey reports whether a key needs none of this.
func plainKey(k starlark.Value) bool {
	switch k := k.(type) {
	case starlark.String, starlark.NoneType, *Type:
		return true
	case starlark.Int:
		n, ok := k.Int64()
		return !ok || n != 0 && n != 1
	}
	return false
}

// dictGet is d.get(k).
func dictGet(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (starlark.Value, bool, error) {
	if plainKey(k) {
		v, found, err := d.Get(k)
		if found || err != nil || d.Len() == 0 {
			return v, found, err
		}
		if p := probe(thread, k); p != nil {
			return d.Get(p)
		}
		return v, false, nil
	}
	_, v, found, err := dictFind(thread, d, k)
	return v, found, err
}

// dictFind gives the stored form of the key and its value.
func dictFind(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (key, v starlark.Value, found bool, err error) {
	if err := lend(thread, k); err != nil {
		return nil, nil, false, err
	}
	k = numberKey(k)
	v, found, err = d.Get(k)
	if err != nil {
		return nil, nil, false, keyError(k, err)
	}
	if found || d.Len() == 0 {
		return k, v, found, nil
	}
	key = k
	get := func(form starlark.Value) (bool, error) {
		w, ok, err := d.Get(form)
		if ok {
			key, v = form, w
		}
		return ok, err
	}
	found, err = otherForms(k, get)
	if !found && err == nil {
		if p := probe(thread, k); p != nil {
			if found, err = get(p); found {
				key, err = storedKey(d, p)
			}
		}
	}
	return key, v, found, err
}

// storedKey finds the key of a dict or set that a probe equals.
func storedKey(table starlark.Iterable, p *Instance) (starlark.Value, error) {
	it := table.Iterate()
	defer it.Done()
	var k starlark.Value
	for it.Next(&k) {
		i, ok := k.(*Instance)
		if !ok {
			continue
		}
		if same, err := compareBool(p.thread, Eq, p.base, i); err != nil || same {
			return k, err
		}
	}
	return p.base, nil
}

// keyError gives the error of a key that does not hash Python's form.
func keyError(k starlark.Value, err error) error {
	if _, ok := err.(*Exception); ok || IsUncatchable(err) {
		return err
	}
	if _, hashErr := k.Hash(); hashErr != nil {
		return unhashable(k)
	}
	return AsException(err)
}

// dictSet is d[k] = v.
func dictSet(thread *starlark.Thread, d *starlark.Dict, k, v starlark.Value) error {
	if !plainKey(k) {
		form, _, _, err := dictFind(thread, d, k)
		if err != nil {
			return err
		}
		k = form
	}
	if err := growTable(thread, d.Len()); err != nil {
		return err
	}
	if err := d.SetKey(k, v); err != nil {
		return keyError(k, err)
	}
	return nil
}

// growTable asks for the table of twice as many buckets that an element more takes where
// those of a dict or set of n have 6.5 elements each: Starlark's hold 8, of 7 words.
func growTable(thread *starlark.Thread, n int) error {
	if n < 1<<12 || n%13 != 0 || n/13&(n/13-1) != 0 {
		return nil
	}
	return GrowTimes(thread, n/13*2*2, 8*7*8+8)
}

// dictDelete removes k.
func dictDelete(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (starlark.Value, bool, error) {
	form, _, found, err := dictFind(thread, d, k)
	if err != nil || !found {
		return nil, false, err
	}
	v, found, err := d.Delete(form)
	if err != nil {
		return nil, false, keyError(form, err)
	}
	return v, found, nil
}

// DictGet is d[k] where the key may be absent, with Python's equality of keys.
func DictGet(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (v starlark.Value, found bool, err error) {
	return dictGet(thread, d, k)
}

// DictSet is d[k] = v with Python's equality of keys. Dict displays use it.
func DictSet(thread *starlark.Thread, d *starlark.Dict, k, v starlark.Value) error {
	return dictSet(thread, d, k, v)
}

// DictDelete deletes d[k] with Python's equality of keys, and reports whether it was there.
func DictDelete(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (bool, error) {
	_, found, err := dictDelete(thread, d, k)
	return found, err
}

// setFind gives the stored form of an element.
func setFind(thread *starlark.Thread, s *starlark.Set, k starlark.Value) (starlark.Value, bool, error) {
	if err := lend(thread, k); err != nil {
		return nil, false, err
	}
	k = numberKey(k)
	found, err := s.Has(k)
	if err != nil {
		return nil, false, keyError(k, err)
	}
	if found || s.Len() == 0 {
		return k, found, nil
	}
	key := k
	has := func(form starlark.Value) (bool, error) {
		ok, err := s.Has(form)
		if ok {
			key = form
		}
		return ok, err
	}
	if !plainKey(k) {
		if found, err = otherForms(k, has); found || err != nil {
			return key, found, err
		}
	}
	if p := probe(thread, k); p != nil {
		if found, err = has(p); found {
			key, err = storedKey(s, p)
		}
	}
	return key, found, err
}

func setHas(thread *starlark.Thread, s *starlark.Set, k starlark.Value) (bool, error) {
	if inner, ok := k.(*starlark.Set); ok { // a set looked up in a set stands for its frozen twin
		k = &FrozenSet{set: inner}
	}
	_, found, err := setFind(thread, s, k)
	return found, err
}

func setInsert(thread *starlark.Thread, s *starlark.Set, k starlark.Value) error {
	k, found, err := setFind(thread, s, k)
	if err != nil || found {
		return err
	}
	if err := growTable(thread, s.Len()); err != nil {
		return err
	}
	if err := s.Insert(k); err != nil {
		return keyError(k, err)
	}
	return nil
}

func setDelete(thread *starlark.Thread, s *starlark.Set, k starlark.Value) (bool, error) {
	k, found, err := setFind(thread, s, k)
	if err != nil || !found {
		return false, err
	}
	return s.Delete(k)
}

// SetInsert is s.add(k) with Python's equality of elements. Set displays use it.
func SetInsert(thread *starlark.Thread, s *starlark.Set, k starlark.Value) error {
	return setInsert(thread, s, k)
}
