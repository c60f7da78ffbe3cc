package stdlib

import (
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// distributions are the packages whose modules the library has itself, and the versions whose interface they have.
var distributions = map[string]string{
	"mlx": "0.32.4", "mlx-cpu": "0.32.4", "mlx-metal": "0.32.4", "numpy": "2.2.6", "tqdm": "4.67.1", "transformers": "4.57.1", "tokenizers": "0.22.1",
	"safetensors": "0.6.2", "huggingface_hub": "0.36.0", "requests": "2.32.5", "regex": "2025.9.1", "PyYAML": "6.0.3", "typing_extensions": "4.12.2",
	"pillow": "11.3.0", "Jinja2": "3.1.6", "MarkupSafe": "3.0.2", "sentencepiece": "0.2.1", "tiktoken": "0.9.0", "scipy": "1.15.3", "mlx-data": "0.1.0", "psutil": "7.1.0",
}

// Provided are the packages whose modules the library has itself, and the versions whose interface they have.
func Provided() map[string]string { return maps.Clone(distributions) }

// providedDict is the same for scripts.
func providedDict() *starlark.Dict {
	d := new(starlark.Dict)
	for _, name := range slices.Sorted(maps.Keys(distributions)) {
		_ = d.SetKey(starlark.String(name), starlark.String(distributions[name])) // a string hashes
	}
	return d
}
