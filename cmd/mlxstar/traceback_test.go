package main

import "testing"

func TestFold(t *testing.T) {
	const head = "Traceback (most recent call last):\n"
	const own = "  File \"a.py\", line 7, in <module>\n    f(model)\n    ^^^^^^^^\n"
	const utils = "  File \"<frozen mlx.nn.utils>\", line 18, in wrapped\n    return g(*args)\n           ^^^^^^^^\n"
	const linear = "  File \"<frozen mlx.nn.layers.linear>\", line 41, in __call__\n    return x @ columns\n  [Previous line repeated 3 more times]\n"
	const decoder = "  File \"<frozen json.decoder>\", line 2, in decode\n"
	const end = "ValueError: no"
	for _, c := range []struct{ name, text, want string }{
		{"one's own alone", head + own + own + end, head + own + own + end},
		{"some between", head + own + utils + linear + own + end, head + own + "  [2 frames of mlx.nn]\n" + own + end},
		{"one between", head + own + utils + own + end, head + own + "  [1 frame of mlx.nn.utils]\n" + own + end},
		{"the last stays", head + own + utils + linear + end, head + own + "  [1 frame of mlx.nn.utils]\n" + linear + end},
		{"of several packages", head + own + utils + decoder + own + end, head + own + "  [2 frames of modules of the program's own]\n" + own + end},
		{"a chain", head + own + utils + end + "\n\nDuring handling\n\n" + head + utils + own + end,
			head + own + utils + end + "\n\nDuring handling\n\n" + head + "  [1 frame of mlx.nn.utils]\n" + own + end},
		{"no traceback", end, end},
	} {
		if got := fold(c.text); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}
