package memory

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The kinds of owners.
const (
	Parameters     = "parameters"
	OptimizerState = "optimizer state"
	Gradients      = "gradients"
	Activations    = "activations"
	Data           = "data"
	Caches         = "caches"
	Other          = "other"
)

// Ownership says who kept what alive at one instant. The bytes of the owners, of which
// the last one is what none was found for, add up to Active.
type Ownership struct {
	At     time.Time        `json:"at"`
	Active int64            `json:"active"`
	Kinds  map[string]int64 `json:"kinds"` // bytes by kind
	Owners []Owner          `json:"owners"`
}

// NewOwnership sums up owners of what is active.
func NewOwnership(at time.Time, active int64, owners []Owner) *Ownership {
	o := &Ownership{At: at, Active: active, Kinds: map[string]int64{}, Owners: owners}
	rest := active
	for _, w := range owners {
		o.Kinds[w.Kind] += w.Bytes
		rest -= w.Bytes
	}
	slices.SortStableFunc(o.Owners, func(x, y Owner) int {
		return cmp.Or(cmp.Compare(y.Bytes, x.Bytes), strings.Compare(x.Path, y.Path))
	})
	if rest != 0 {
		o.Owners = append(o.Owners, Owner{Path: "(nothing that scripts can name)", Kind: Other, Bytes: rest})
		o.Kinds[Other] += rest
	}
	return o
}
