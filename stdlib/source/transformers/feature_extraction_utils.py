"""What models are given of images, sounds and texts: arrays by their names."""

__all__ = ["BatchFeature", "FeatureExtractionMixin"]


class BatchFeature(dict):
    """Arrays by their names, which are attributes, too."""

    def __init__(self, data=None, tensor_type=None, skip_tensor_conversion=None, **options):
        super().__init__(data or {})
        self.convert_to_tensors(tensor_type, skip_tensor_conversion)

    @property
    def data(self):
        return dict(self)

    def __getitem__(self, item):
        if isinstance(item, str):
            return super().__getitem__(item)
        raise KeyError("Indexing with integers is not available when using Python based feature extractors")

    def __getattr__(self, item):
        if item.startswith("__") or item not in self:
            raise AttributeError(item)
        return self[item]

    def convert_to_tensors(self, tensor_type=None, skip_tensor_conversion=None):
        if tensor_type is not None:
            from transformers import _tensor

            kind = getattr(tensor_type, "value", tensor_type)
            for key, value in list(self.items()):
                if value is not None and key not in (skip_tensor_conversion or ()):
                    self[key] = _tensor(value, kind)
        return self

    def to(self, *args, **options):
        return self


class FeatureExtractionMixin:
    """The base of feature extractors: settings by their names."""

    def __init__(self, **settings):
        for name, value in settings.items():
            setattr(self, name, value)

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **options):
        from transformers import _folder_of, _load_json

        return cls.from_dict(_load_json(_folder_of(pretrained_model_name_or_path, **options), "preprocessor_config.json"), **options)

    @classmethod
    def from_dict(cls, settings, **options):
        return cls(**{**settings, **{k: v for k, v in options.items() if k in settings}})

    def to_dict(self):
        return {**self.__dict__, "feature_extractor_type": type(self).__name__}
