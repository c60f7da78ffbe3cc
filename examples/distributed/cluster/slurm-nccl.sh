#!/bin/sh
#SBATCH --job-name=mlxstar
#SBATCH --nodes=2
#SBATCH --gpus-per-node=8
#SBATCH --ntasks-per-node=8
# A process for each GPU, by NCCL:  sbatch slurm-nccl.sh train.py [args]
# mlxstar is built with -tags cuda. Each process takes the GPU of its number on its node.
set -eu
NCCL_HOST_IP=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export NCCL_HOST_IP
export NCCL_PORT="${MLXSTAR_PORT:-32323}"
export MLX_WORLD_SIZE="$SLURM_NTASKS"
MLXSTAR_RING_SECRET=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
export MLXSTAR_RING_SECRET
srun --kill-on-bad-exit=1 sh -c 'MLX_RANK=$SLURM_PROCID CUDA_VISIBLE_DEVICES=$SLURM_LOCALID exec mlxstar "$@"' mlxstar "$@"
