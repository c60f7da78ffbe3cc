// Package install puts packages of an index into a folder: wheels of Python alone, and what they need.
//
// An index speaks the interface of PEP 503, in HTML, or of PEP 691, in JSON. What it lists is chosen by versions
// (PEP 440), requirements and their markers (PEP 508) and the tags of wheels; a file is taken if its SHA-256 is the
// one that the index tells. Packages that the runtime has itself are not fetched. One with machine code, or that
// comes as source alone, is refused by name.
//
// A folder of packages is laid out as Python's site-packages are, so that others can read it, and this package
// theirs.
package install
