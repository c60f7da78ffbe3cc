package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const llama8B = `{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
	"num_key_value_heads": 8, "vocab_size": 128256, "torch_dtype": "bfloat16", "max_position_embeddings": 131072}`

func TestEstimate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(llama8B), 0o666); err != nil {
		t.Fatal(err)
	}
	code, out, errs := runHere(t, "estimate", path, "--bits", "4", "--context=8192", "--memory", "24GiB")
	if code != exitOK || errs != "" {
		t.Errorf("exit code %d: %s", code, errs)
	}
	for _, want := range []string{"llama, 8.03 billion parameters, 1 x 8192 tokens, a prompt", "   4.2 GiB  weights\n", "     1 GiB  keys and values\n", "fits in 24 GiB: 18.8 GiB are left\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	code, out, _ = runHere(t, "estimate", path, "--memory", "6GiB", "--json", "--context", "1024")
	var r struct {
		Weights, Peak, Memory int64
		Fits                  bool
		Alternatives          []alternative
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if code != exitScript || r.Fits || r.Weights != 16060522496 || r.Memory != 6<<30 || r.Peak <= r.Weights {
		t.Errorf("exit code %d: %+v", code, r)
	}
	if len(r.Alternatives) != 1 || r.Alternatives[0].Options != "--bits 4" || r.Alternatives[0].Peak > 6<<30 {
		t.Errorf("what would fit is %+v", r.Alternatives)
	}
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"", exitUsage, "no model given"},
		{"a b", exitUsage, `got "b" besides "a", want one model`},
		{"a --bits", exitUsage, "--bits: no value given"},
		{"a --bits 9", exitUsage, "bits: got 9, want 2, 3, 4, 5, 6 or 8"},
		{"a --batch x", exitUsage, `--batch: got "x", want a number from 1`},
		{"a --frobnicate 1", exitUsage, "unknown option --frobnicate"},
		{"a --checkpoint", exitUsage, "--checkpoint wants --train"},
		{"a --rank 4", exitUsage, "--rank wants --train lora"},
		{"a --train lora --prefill 4", exitUsage, "--prefill is for prompts"},
		{"a --group-size 32", exitUsage, "--group-size wants --bits"},
		{"a --memory x", exitUsage, "--memory: "},
		{"/nowhere/config.json", exitScript, "No such file or directory"},
	} {
		code, _, errs := runHere(t, append([]string{"estimate"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("estimate %s: exit code %d, %s", c.args, code, errs)
		}
	}
}
