package object

import (
	"fmt"

	"go.starlark.net/starlark"
)

// Stepper is the body of a generator that runs step by step, each on the thread that resumes
// it, and that does nothing with what is sent or thrown.
type Stepper interface {
	HasReferents
	// Step runs to the next yield and gives what it hands out, which may be Delegated. Done
	// means that the body ended, with what it returned.
	Step(thread *starlark.Thread) (v starlark.Value, done bool, err error)
	// Raised is an error of a call that the body, or what it delegates to, made on the
	// thread. The traceback of an exception has the frames of the call alone.
	Raised(thread *starlark.Thread, err error) error
	// Stop lets go of all that the body holds. It is called once.
	Stop()
}

// NewStepped makes a generator of a body that runs step by step.
func NewStepped(name string, body Stepper) *Generator {
	return &Generator{name, &stepped{body: body}}
}

// stepped runs a Stepper as a generator.
type stepped struct {
	progress
	body  Stepper
	inner resumable // that it delegates to, or nil
	at    Frame     // where it does
}

var _ generatorBody = (*stepped)(nil)

// Delegated is what a step hands out to yield what x iterates over, at the place that the
// tracebacks of what that raises have for the step.
func Delegated(x starlark.Value, at Frame) starlark.Value { return &delegated{x, at} }

type delegated struct {
	x  starlark.Value
	at Frame
}

func (d *delegated) String() string        { return "<delegated>" }
func (d *delegated) Type() string          { return "delegated" }
func (d *delegated) Freeze()               {}
func (d *delegated) Truth() starlark.Bool  { return true }
func (d *delegated) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable type: 'delegated'") }

// resume runs the body to its next yield. Done means that it ended.
func (s *stepped) resume(thread *starlark.Thread, sent starlark.Value, thrown error) (v starlark.Value, done bool, err error) {
	switch {
	case s.running:
		return nil, false, Errorf(ValueError, "%s already executing", plainGenerator)
	case s.finished:
		return nil, true, thrown
	case thrown != nil && s.inner == nil:
		s.finish()
		return nil, true, thrown
	}
	b, err := Deeper(thread)
	if err != nil {
		return nil, false, err
	}
	defer b.Shallower()
	s.started, s.running = true, true
	v, done, err = s.advance(thread, sent, thrown)
	s.running = false
	if done || err != nil {
		s.finish()
		return v, true, plainGenerator.ending(err)
	}
	return v, false, nil
}

func (s *stepped) advance(thread *starlark.Thread, sent starlark.Value, thrown error) (starlark.Value, bool, error) {
	for {
		if s.inner == nil {
			v, done, err := s.body.Step(thread)
			d, ok := v.(*delegated)
			if done || err != nil || !ok {
				return v, done, err
			}
			if s.inner, err = delegateTo(thread, d.x); err != nil {
				return nil, true, s.within(thread, d.at, err)
			}
			s.at = d.at
			sent = starlark.None
		}
		if thrown != nil && isException(thrown, GeneratorExit) {
			if err := s.inner.Close(thread); err != nil {
				return nil, true, err
			}
			return nil, true, thrown
		}
		v, done, err := s.inner.resume(thread, sent, thrown)
		if err != nil || !done {
			return v, false, s.within(thread, s.at, err)
		}
		s.inner, thrown = nil, nil
	}
}

// within adds the frame of a step to the traceback of an exception from what it delegates to:
// the step has returned by then.
func (s *stepped) within(thread *starlark.Thread, at Frame, err error) error {
	if err == nil || IsUncatchable(err) {
		return err
	}
	e := AsException(s.body.Raised(thread, err))
	e.Traceback = append([]Frame{at}, e.Traceback...)
	return e
}

func (s *stepped) finish() {
	s.finished = true
	s.body.Stop()
	s.inner = nil
}

// close raises GeneratorExit where the body waits, which only what it delegates to sees.
func (s *stepped) close(thread *starlark.Thread) error {
	if s.finished {
		return nil
	}
	if s.inner == nil && !s.running {
		s.finish()
		return nil
	}
	_, _, err := s.resume(thread, nil, NewException(GeneratorExit))
	if err != nil && isException(err, GeneratorExit) {
		return nil
	}
	return err
}
