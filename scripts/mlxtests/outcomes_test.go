package main

import (
	"bytes"
	"maps"
	"strings"
	"testing"
)

const told = `test_add (__main__.TestOps.test_add) ... ok
test_cast (__main__.TestOps.test_cast)
What it says of itself. ... warning: something
FAIL
test_gone (__main__.TestOps.test_gone) ... skipped 'no torch'
test_parts (__main__.TestOps.test_parts) ... test_parts (__main__.TestOps.test_parts) (i=1) ... FAIL
ok
test_hard (__main__.TestMore.test_hard) ... expected failure
test_last (__main__.TestMore.test_last) ... 
======================================================================
FAIL: test_cast (__main__.TestOps.test_cast)
----------------------------------------------------------------------
Traceback (most recent call last):
AssertionError: False is not true

======================================================================
ERROR: test_parts (__main__.TestOps.test_parts) (i=1)
----------------------------------------------------------------------
ValueError: bad

----------------------------------------------------------------------
Ran 6 tests in 0.1s

FAILED (failures=1)
`

func TestParseOutcomes(t *testing.T) {
	o := parseOutcomes(told)
	want := map[string]state{"TestOps.test_add": passed, "TestOps.test_cast": failed, "TestOps.test_gone": skipped, "TestOps.test_parts": failed,
		"TestMore.test_hard": passed, "TestMore.test_last": failed}
	if !maps.Equal(o.tests, want) {
		t.Errorf("got %v, want %v", o.tests, want)
	}
	if o.why["TestOps.test_cast"] != "AssertionError: False is not true" || o.why["TestOps.test_parts"] != "ValueError: bad" {
		t.Errorf("why is %q", o.why)
	}
}

// A run fails by what passes under Python alone, and by what the list names.
func TestFooter(t *testing.T) {
	of := func(add state) *outcomes {
		return &outcomes{tests: map[string]state{"T.test_add": add, "T.test_sub": passed}}
	}
	for _, c := range []struct {
		star, python state
		must         string
		ok           bool
	}{
		{passed, passed, "test_x.T.test_add", true},
		{passed, failed, "test_x.T.test_sub", true},
		{failed, passed, "test_x.T.test_sub", false},
		{skipped, passed, "test_x.T.test_sub", false},
		{failed, failed, "test_x.T.test_add", false},
		{failed, failed, "test_other.T.test_add", true},
		{passed, passed, "test_x.T.test_absent", false},
	} {
		var out bytes.Buffer
		tb := &table{out: &out}
		tb.header(true)
		tb.row("test_x.py", of(c.star), of(c.python))
		if got := tb.footer(map[string]bool{c.must: true}, []string{"test_x.py"}); got != c.ok {
			t.Errorf("mlxstar %s, python %s, %s must pass: %v\n%s", c.star, c.python, c.must, got, out.String())
		}
		if !strings.Contains(out.String(), "test_x.py") {
			t.Errorf("no row in %q", out.String())
		}
	}
}
