//go:build unix

package launch

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/mlxstar/mlxstar/distributed"
)

// cluster is the folder of scripts and manifests for clusters.
const cluster = "../../examples/distributed/cluster/"

// standIns are programs in the place of Slurm's and of this one: srun starts its command as
// often as there are tasks, one after the other, and mlxstar tells what it was given.
var standIns = map[string]string{
	"scontrol": `[ "$*" = "show hostnames n[1-2]" ] && printf 'n1\nn2\n'`,
	"srun": `[ "$1" = --kill-on-bad-exit=1 ] && shift
for i in $(seq 0 $((SLURM_NTASKS - 1))); do SLURM_PROCID=$i SLURM_LOCALID=$((i % 2)) "$@" || exit; done`,
	"mlxstar": `test ${#MLXSTAR_RING_SECRET} = 64 || exit 9
echo "$MLX_RANK|$MLX_WORLD_SIZE|$NCCL_HOST_IP|$NCCL_PORT|$CUDA_VISIBLE_DEVICES|$(cat $MLX_HOSTFILE </dev/null)|$*"`,
}

// TestSlurm: the scripts for Slurm tell each process who it is, and leave nothing behind.
func TestSlurm(t *testing.T) {
	bin := t.TempDir()
	for name, text := range standIns {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		script string
		tasks  int
		want   []string
	}{
		{"slurm-ring.sh", 2, []string{
			`0|||||[["n1:32323"], ["n2:32323"]]|train.py a b`, `1|||||[["n1:32323"], ["n2:32323"]]|train.py a b`,
		}},
		{"slurm-nccl.sh", 4, []string{
			"0|4|n1|32323|0||train.py a b", "1|4|n1|32323|1||train.py a b", "2|4|n1|32323|0||train.py a b", "3|4|n1|32323|1||train.py a b",
		}},
	} {
		path, err := filepath.Abs(cluster + c.script)
		if err != nil {
			t.Fatal(err)
		}
		run := exec.Command("sh", path, "train.py", "a b")
		run.Dir = t.TempDir()
		run.Env = []string{
			"PATH=" + bin + ":" + os.Getenv("PATH"), "SLURM_JOB_ID=7", "SLURM_JOB_NODELIST=n[1-2]", fmt.Sprint("SLURM_NTASKS=", c.tasks),
		}
		out, err := run.CombinedOutput()
		if got := strings.Split(strings.TrimSpace(string(out)), "\n"); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v: printed\n%s\nwant\n%s", c.script, err, out, strings.Join(c.want, "\n"))
		}
		if left, err := os.ReadDir(run.Dir); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v, %v", c.script, left, err)
		}
	}
}

// TestKubernetes: the pods of the manifest are those of its hostfile, and find each other by
// the names and the port that its service gives.
func TestKubernetes(t *testing.T) {
	text, err := os.ReadFile(cluster + "kubernetes-ring.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		service struct {
			Metadata struct{ Name string }
			Spec     struct {
				ClusterIP string `yaml:"clusterIP"`
				Selector  map[string]string
				Ports     []struct{ Port int }
			}
		}
		hosts struct {
			Metadata struct{ Name string }
			Data     map[string]string
		}
		job struct {
			Metadata struct{ Name string }
			Spec     struct {
				CompletionMode           string `yaml:"completionMode"`
				Completions, Parallelism int
				Template                 struct {
					Spec struct {
						Subdomain  string
						Containers []struct {
							Env []struct{ Name, Value string }
						}
					}
				}
			}
		}
	}
	parts := yaml.NewDecoder(bytes.NewReader(text))
	for _, into := range []any{&m.service, &m.hosts, &m.job} {
		if err := parts.Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	job, service := m.job.Spec, m.service.Spec
	nodes, err := distributed.ParseRing([]byte(m.hosts.Data["hosts.json"]))
	if err != nil || len(nodes) != job.Completions || job.Parallelism != job.Completions || job.CompletionMode != "Indexed" {
		t.Fatalf("%d processes for %d pods, %v", len(nodes), job.Completions, err)
	}
	for rank, at := range nodes {
		want := fmt.Sprintf("%s-%d.%s:%d", m.job.Metadata.Name, rank, job.Template.Spec.Subdomain, service.Ports[0].Port)
		if len(at) != 1 || at[0] != want {
			t.Errorf("process %d is at %q, want %q", rank, at, want)
		}
	}
	if service.ClusterIP != "None" || job.Template.Spec.Subdomain != m.service.Metadata.Name || service.Selector["job-name"] != m.job.Metadata.Name {
		t.Errorf("the service is %+v", service)
	}
	var names []string
	for _, e := range job.Template.Spec.Containers[0].Env {
		names = append(names, e.Name)
	}
	if want := []string{"MLX_RANK", "MLX_HOSTFILE", "MLXSTAR_RING_SECRET"}; !slices.Equal(names, want) {
		t.Errorf("processes are told %q, want %q", names, want)
	}
}
