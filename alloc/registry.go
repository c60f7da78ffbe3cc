package alloc

import (
	"cmp"
	"slices"
	"weak"
)

// registry holds every live buffer of a pool.
//
// A buffer is young at first: held strongly, and so kept from being collected.
// A weak pointer costs 0.3 to 0.6 us to make, which a temporary that is released
// after its last use need not pay. Young buffers get theirs before every
// collection that the pool forces, and whenever maxYoung of them have come.
type registry struct {
	live  []liveBuffer
	young []*block // some may be dead or have a weak pointer by now
}

type liveBuffer struct {
	w   weak.Pointer[Buffer] // zero while young
	blk *block
}

const maxYoung = 128

func (r *registry) add(b *Buffer, blk *block) {
	if len(r.young) >= maxYoung {
		r.promote()
	}
	blk.idx = len(r.live)
	blk.young = b
	r.live = append(r.live, liveBuffer{blk: blk})
	r.young = append(r.young, blk)
}

func (r *registry) remove(blk *block) {
	last := len(r.live) - 1
	moved := r.live[last]
	r.live[blk.idx] = moved
	moved.blk.idx = blk.idx
	r.live[last] = liveBuffer{}
	r.live = r.live[:last]
	blk.idx = -1
	blk.young = nil
}

// promote lets go of the young buffers and watches them through weak pointers.
func (r *registry) promote() {
	for _, blk := range r.young {
		if blk.young != nil {
			r.live[blk.idx].w = weak.Make(blk.young)
			blk.young = nil
		}
	}
	clear(r.young)
	r.young = r.young[:0]
}

// promote readies the pool for a collection and reports whether it has any live buffer.
func (p *Pool) promote() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reg.promote()
	return len(p.reg.live) > 0
}

// Sweep takes back the memory of buffers that the last garbage collection found
// dead. It looks at each live buffer once.
func (p *Pool) Sweep() {
	p.sweep()
	p.promote()
	p.awaitCycle()
}

func (p *Pool) sweep() {
	var gone retired
	p.mu.Lock()
	p.stats.Sweeps++
	var none weak.Pointer[Buffer]
	for i := 0; i < len(p.reg.live); {
		l := p.reg.live[i]
		if l.w == none || l.w.Value() != nil {
			i++
			continue
		}
		p.reg.remove(l.blk)
		if raceDetector && l.blk.kind == goBlock {
			l.blk.Data = goMemory(l.blk.Size)
		}
		p.retire(l.blk, &gone)
		p.stats.Swept++
	}
	if n := len(p.reg.live); n < cap(p.reg.live)/4 && cap(p.reg.live) > 1024 {
		p.reg.live = append(make([]liveBuffer, 0, 2*n), p.reg.live...)
	}
	p.base, p.postponed = p.live, 0
	if p.observer != nil {
		p.observer.Observe(Event{Kind: Collected, Pool: p, Bytes: gone.active, Cache: p.cached})
	}
	p.settle(&gone)
	p.mu.Unlock()
	p.giveBack(gone.blocks)
}

// Holders returns the script lines that hold the most active bytes in the pools of
// an account, largest first, at most n of them; all if n < 0.
func (a *Account) Holders(n int) []Holder {
	byLine := make(map[string]*Holder)
	for _, p := range a.poolsUnder() {
		bySite := make(map[Site]*Holder)
		p.mu.Lock()
		for i := range p.reg.live {
			blk := p.reg.live[i].blk
			h := bySite[blk.site]
			if h == nil {
				h = &Holder{Site: blk.site}
				bySite[blk.site] = h
			}
			h.Bytes += blk.charge
			h.Count++
		}
		p.mu.Unlock()
		for site, h := range bySite {
			h.Where = p.sites.Where(site)
			if sum := byLine[h.Where]; sum != nil {
				sum.Bytes += h.Bytes
				sum.Count += h.Count
			} else {
				byLine[h.Where] = h
			}
		}
	}
	held := make([]Holder, 0, len(byLine))
	for _, h := range byLine {
		held = append(held, *h)
	}
	slices.SortFunc(held, func(x, y Holder) int {
		if c := cmp.Compare(y.Bytes, x.Bytes); c != 0 {
			return c
		}
		return cmp.Compare(x.Where, y.Where)
	})
	if n >= 0 && len(held) > n {
		held = held[:n]
	}
	return held
}
