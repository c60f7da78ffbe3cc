package engine

// PlannedPeak is what an evaluation of the nodes would set aside, and the number
// of tasks that it would run.
func (e *Engine) PlannedPeak(nodes ...*Node) (peak int64, tasks int, err error) {
	order, err := e.schedule(nodes)
	if err != nil {
		return 0, 0, err
	}
	units := e.fuse(order)
	return e.rehearse(units), len(units), nil
}

// WatchRehearsals has f told the rehearsed peak of each evaluation just before it runs.
func (e *Engine) WatchRehearsals(f func(peak int64)) {
	e.admitted = func(units []unit) { f(e.rehearse(units)) }
}

// Replays is how many evaluations were arranged by the plan of another.
func (e *Engine) Replays() int { return e.replays }
