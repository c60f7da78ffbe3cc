package alloc_test

import (
	"errors"
	"fmt"

	"github.com/mlxstar/mlxstar/alloc"
)

// Two runtimes share the limit of their process.
func Example() {
	process := alloc.NewAccount("process", nil, 1<<30)
	sites := &alloc.SiteTable{}
	var pools []*alloc.Pool
	for _, name := range []string{"one", "two"} {
		account := alloc.NewAccount(name, process, 0)
		pools = append(pools, alloc.NewPool(alloc.NewSystem(), account, alloc.Options{Sites: sites}))
	}
	weights, err := pools[0].Get(600<<20, sites.Intern("train.py", 12))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = pools[1].Get(500<<20, sites.Intern("serve.py", 3))
	var limit *alloc.LimitError
	fmt.Println(errors.As(err, &limit), err)

	weights.Release()
	fmt.Println(alloc.FormatBytes(process.Active()), "active,", alloc.FormatBytes(process.Cache()), "cached")
	for _, p := range pools {
		p.Close()
	}
	fmt.Println(alloc.FormatBytes(process.Cache()), "cached")

	// Output:
	// true allocate: memory limit: needed 500 MiB, in use 600 MiB, limit 1 GiB; most is held by train.py:12 (600 MiB in 1 array)
	// 0 B active, 600 MiB cached
	// 0 B cached
}
