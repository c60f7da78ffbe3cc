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
