#!/bin/sh
#SBATCH --job-name=mlxstar
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=1
#SBATCH --kill-on-bad-exit=1
# A ring of one process on each node:  sbatch slurm-ring.sh train.py [args]
# The folder that the job is begun in is shared by the nodes.
set -eu
port=${MLXSTAR_PORT:-32323}
hosts=$PWD/mlxstar-$SLURM_JOB_ID.json

list=
for node in $(scontrol show hostnames "$SLURM_JOB_NODELIST"); do
	list="$list${list:+, }[\"$node:$port\"]"
done
umask 077
echo "[$list]" >"$hosts"
trap 'rm -f "$hosts"' EXIT

export MLX_HOSTFILE="$hosts"
MLXSTAR_RING_SECRET=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
export MLXSTAR_RING_SECRET
srun --kill-on-bad-exit=1 sh -c 'MLX_RANK=$SLURM_PROCID exec mlxstar "$@"' mlxstar "$@"
