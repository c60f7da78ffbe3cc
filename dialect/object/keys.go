package object

import (
	"go.starlark.net/starlark"
)

// Starlark's dict and set compare keys as Starlark does: 1 and True differ, and
// the hash of a class instance has no thread to run on. The functions of this
// file give them Python's meaning: they lend instances the thread, and look a
// key up in every form that Python calls equal. Strings take none of that.

// lend prepares the instances in a key for hashing and comparison.
func lend(thread *starlark.Thread, k starlark.Value) error {
	switch k := k.(type) {
	case *Instance:
		k.thread = thread
		h, err := instanceHash(thread, k)
		if err != nil {
			return err
		}
		k.hash, k.hashed = h, true
	case starlark.Tuple:
		for _, e := range k {
			if err := lend(thread, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyForm is the form in which a key is stored: an instance of a subclass of
// str or int that does not define equality itself is stored as its value.
func keyForm(k starlark.Value) starlark.Value {
	i, ok := k.(*Instance)
	if !ok || i.base == nil || i.class.lookupUser("__hash__") != nil || i.class.lookupUser("__eq__") != nil {
		return k
	}
	return i.base
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
		return d.Get(k)
	}
	_, v, found, err := dictFind(thread, d, k)
	return v, found, err
}

// dictFind gives the stored form of the key and its value.
func dictFind(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (key, v starlark.Value, found bool, err error) {
	k = keyForm(k)
	if err := lend(thread, k); err != nil {
		return nil, nil, false, err
	}
	v, found, err = d.Get(k)
	if err != nil {
		return nil, nil, false, keyError(k, err)
	}
	if found || d.Len() == 0 {
		return k, v, found, nil
	}
	key = k
	found, err = otherForms(k, func(form starlark.Value) (bool, error) {
		w, ok, err := d.Get(form)
		if ok {
			key, v = form, w
		}
		return ok, err
	})
	return key, v, found, err
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
	if err := d.SetKey(k, v); err != nil {
		return keyError(k, err)
	}
	return nil
}

// dictDelete removes k.
func dictDelete(thread *starlark.Thread, d *starlark.Dict, k starlark.Value) (starlark.Value, bool, error) {
	if !plainKey(k) {
		form, _, found, err := dictFind(thread, d, k)
		if err != nil || !found {
			return nil, false, err
		}
		k = form
	}
	v, found, err := d.Delete(k)
	if err != nil {
		return nil, false, keyError(k, err)
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

// setFind gives the stored form of an element.
func setFind(thread *starlark.Thread, s *starlark.Set, k starlark.Value) (starlark.Value, bool, error) {
	k = keyForm(k)
	if err := lend(thread, k); err != nil {
		return nil, false, err
	}
	found, err := s.Has(k)
	if err != nil {
		return nil, false, keyError(k, err)
	}
	if found || plainKey(k) || s.Len() == 0 {
		return k, found, nil
	}
	key := k
	found, err = otherForms(k, func(form starlark.Value) (bool, error) {
		ok, err := s.Has(form)
		if ok {
			key = form
		}
		return ok, err
	})
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
