"""Videos as lists of frames."""

from dataclasses import dataclass as _dataclass

from transformers.image_transforms import convert_to_rgb as _convert_to_rgb
from transformers.image_utils import is_valid_image as _is_valid_image

VideoInput = object  # a list of frames, an array, or a list of them


@_dataclass
class VideoMetadata:
    """What is known of a video."""

    total_num_frames: int
    fps: float = None
    width: int = None
    height: int = None
    duration: float = None
    video_backend: str = None
    frames_indices: list = None


def is_valid_video(video):
    if isinstance(video, (list, tuple)):
        return bool(video) and all(_is_valid_image(frame) for frame in video)
    return _is_valid_image(video) and getattr(video, "ndim", 0) == 4


def make_batched_videos(videos):
    """A list of videos of one, of a list, or of a list of lists."""
    if isinstance(videos, (list, tuple)) and videos and all(is_valid_video(v) for v in videos):
        return list(videos)
    if is_valid_video(videos):
        return [videos]
    if isinstance(videos, (list, tuple)) and videos and all(isinstance(row, (list, tuple)) for row in videos):
        return [video for row in videos for video in make_batched_videos(row)]
    raise ValueError(f"Could not make batched video from {videos}")


def make_batched_metadata(videos, video_metadata):
    """What is known of each video; where nothing was given, how many frames it has."""
    if video_metadata is None:
        return [VideoMetadata(total_num_frames=len(v), frames_indices=list(range(len(v)))) for v in videos]
    rows = video_metadata if isinstance(video_metadata, (list, tuple)) else [video_metadata]
    if rows and isinstance(rows[0], (list, tuple)):
        rows = [one for row in rows for one in row]
    return [VideoMetadata(**one) if isinstance(one, dict) else one for one in rows]


def convert_to_rgb(video):
    """A video whose images have the three channels of colours; arrays stay."""
    if isinstance(video, (list, tuple)):
        return [_convert_to_rgb(frame) for frame in video]
    return video


def load_video(video, *args, **options):
    raise NotImplementedError("transformers: load_video is not supported: videos are not decoded")
