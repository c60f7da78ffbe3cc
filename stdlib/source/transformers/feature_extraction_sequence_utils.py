"""The base of what makes arrays of sounds."""

from transformers.feature_extraction_utils import FeatureExtractionMixin

__all__ = ["SequenceFeatureExtractor"]


class SequenceFeatureExtractor(FeatureExtractionMixin):
    """Settings of sounds: how many features there are, by which rate, and what fills up."""

    def __init__(self, feature_size, sampling_rate, padding_value, **settings):
        self.feature_size, self.sampling_rate, self.padding_value = feature_size, sampling_rate, padding_value
        self.padding_side, self.return_attention_mask = settings.pop("padding_side", "right"), settings.pop("return_attention_mask", True)
        super().__init__(**settings)

    def pad(self, *args, **options):
        raise NotImplementedError("transformers: SequenceFeatureExtractor.pad is not supported")
