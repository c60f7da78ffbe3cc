// Package doc documents the methods of builtin types.
package doc

import "strings"

// methodDocs documents the methods of builtin types, one to a line: a name, or
// type.name where a type's method differs from the others of that name.
var methodDocs = parseDocs(`
add: Add an element; one that is there already changes nothing.
append: Add an item at the end.
as_integer_ratio: The pair of integers whose quotient is the number, in lowest terms, the second positive.
bit_count: How many ones the binary form of the absolute value has.
bit_length: How many bits the absolute value takes in binary.
capitalize: The first character in upper case and the rest in lower case.
casefold: The string for comparing without regard to case.
cast: The same bytes read in another format, and under another shape.
center: The string in the middle of a line of the width, filled on both sides.
clear: Remove everything.
close: Raise GeneratorExit where the generator stands, and end it.
conjugate: The complex conjugate; a real number is its own.
copy: A shallow copy.
count: How many times the value occurs; in strings, without overlapping.
decode: The text that the bytes encode.
difference: The elements that none of the others has.
difference_update: Remove the elements of the others.
discard: Remove an element if it is there.
elems: An iterable over the elements, as Starlark has it.
encode: The bytes that encode the text.
endswith: Whether it ends with the suffix, or with one of a tuple of them.
expandtabs: Tabs replaced by spaces up to the next multiple of the tab size.
extend: Add the items of an iterable at the end.
find: The first place where the part is found, or -1.
format: The text with its fields {} replaced by the arguments, by position, name, attribute or item.
format_map: As format, with the names looked up in a mapping.
from_bytes: The integer that the bytes represent.
fromhex: The value that hexadecimal text stands for.
fromkeys: A new dict with the keys of an iterable, all of one value.
get: The value of a key, or the default if there is none.
hex: The value in hexadecimal.
index: The first place where the value is found; ValueError if it is nowhere.
indices: Start, stop and step for a sequence of the length.
insert: Put an item before the index.
intersection: The elements that all the others have, too.
intersection_update: Keep only the elements that all the others have.
is_integer: Whether the number is whole.
isalnum: Whether there are characters and all are letters or digits.
isalpha: Whether there are characters and all are letters.
isascii: Whether all characters are ASCII.
isdecimal: Whether there are characters and all are decimal digits.
isdigit: Whether there are characters and all are digits.
isdisjoint: Whether the two have no element in common.
isidentifier: Whether it could name a variable.
islower: Whether there are cased characters and all are lower case.
isnumeric: Whether there are characters and all are numeric.
isprintable: Whether all characters can be printed.
isspace: Whether there are characters and all are white space.
issubset: Whether the other has every element.
issuperset: Whether it has every element of the other.
istitle: Whether each word begins with an upper case letter and goes on in lower case.
isupper: Whether there are cased characters and all are upper case.
items: A live view of the pairs of keys and values.
join: The items of an iterable, with this between them.
keys: A live view of the keys.
ljust: The value at the left of a line of the width, filled on the right.
lower: All in lower case.
lstrip: Without leading white space, or leading characters of those given.
maketrans: A table for translate.
mro: The classes in which attributes are looked up, in order.
partition: What is before the first separator, the separator, and what is after it.
pop: Remove the item at the index, the last by default, and give it.
dict.pop: Remove a key and give its value, or the default if there is none.
release: Let go of the memory; using the view afterwards is a ValueError.
set.pop: Remove any element and give it.
popitem: Remove the pair that was added last and give it.
remove: Remove the first item of the value; ValueError if there is none.
set.remove: Remove an element; KeyError if it is not there.
removeprefix: Without the prefix, if it begins with it.
removesuffix: Without the suffix, if it ends with it.
replace: The old part replaced by the new one, everywhere or count times.
reverse: Turn the order around in place.
rfind: The last place where the part is found, or -1.
rindex: The last place where the part is found; ValueError if it is nowhere.
rjust: The value at the right of a line of the width, filled on the left.
rpartition: What is before the last separator, the separator, and what is after it.
rsplit: As split, counting from the end.
rstrip: Without trailing white space, or trailing characters of those given.
send: Go on with a generator; the yield it stands at has the value.
setdefault: The value of a key, which is set to the default if it is not there.
sort: Put the items in ascending order in place; equal ones keep theirs. Key maps an item to what is compared.
split: The parts between separators, or between white space.
splitlines: The lines, without their ends unless keepends is set.
startswith: Whether it begins with the prefix, or with one of a tuple of them.
strip: Without white space at both ends, or characters of those given.
swapcase: Upper case turned into lower case and the other way round.
symmetric_difference: The elements that are in one of the two alone.
symmetric_difference_update: Keep the elements that are in one of the two alone.
throw: Raise an exception where the generator stands.
title: Each word with a capital and the rest in lower case.
to_bytes: The integer as so many bytes.
tobytes: The elements as bytes, in row-major order.
tolist: The elements as nested lists.
toreadonly: A view of the same memory that cannot change it.
translate: Each character replaced as the table says.
union: The elements that are in any.
update: Add the elements of the others.
dict.update: Set the keys of another mapping, of pairs, and of the keywords.
upper: All in upper case.
values: A live view of the values.
with_traceback: Set the traceback, and give the exception.
add_note: Add a line that is printed below the message.
zfill: Filled with zeros on the left, after the sign, to the width.
`)

func parseDocs(text string) map[string]string {
	docs := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		name, doc, _ := strings.Cut(line, ": ")
		docs[name] = doc
	}
	return docs
}

// Method is the documentation of a method of a builtin type, or "".
func Method(typ, name string) string {
	if doc := methodDocs[typ+"."+name]; doc != "" {
		return doc
	}
	return methodDocs[name]
}
