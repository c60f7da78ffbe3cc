"""The state of chance, and the names of the package."""

from mlx.data._samples import LoadAudioInfo, set_state

__all__ = ["LoadAudioInfo", "set_state"]
