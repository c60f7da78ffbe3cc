package engine

// reader is the stream whose queued tasks read a storage, or that there are several. Tasks
// of one stream run in order, so that one may write what those before it read; a task of
// another stream may run at any time, and what it reads is left alone until it has.
type reader struct {
	stream  *Stream
	several bool
}

// note notes that a task of the stream reads it.
func (r *reader) note(s *Stream) {
	if r.stream == nil {
		r.stream = s
	}
	r.several = r.several || r.stream != s
}

// other reports whether a task of another stream than s may still read it.
func (r *reader) other(s *Stream) bool { return r.several || r.stream != nil && r.stream != s }
