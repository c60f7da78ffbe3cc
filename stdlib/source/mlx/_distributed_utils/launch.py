"""Starting the processes of a group, which scripts do not: `mlxstar launch` does."""

from mlx._distributed_utils.common import Hostfile


def _elsewhere(name, backend=None):
    def refuse(*args, **kwargs):
        option = f" --backend {backend}" if backend else ""
        raise NotImplementedError(f"{name}: scripts start no processes; run: mlxstar launch{option} --hostfile FILE SCRIPT")

    refuse.__name__ = name
    return refuse


launch_ring = _elsewhere("launch_ring", "ring")
launch_mpi = _elsewhere("launch_mpi", "mpi")
launch_nccl = _elsewhere("launch_nccl", "nccl")
launch_jaccl = _elsewhere("launch_jaccl", "jaccl")
main = _elsewhere("main")

if __name__ == "__main__":
    main()
