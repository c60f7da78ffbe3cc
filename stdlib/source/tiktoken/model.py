"""Encodings of models, none of which comes with the runtime."""


def encoding_name_for_model(model_name):
    raise KeyError(f"Could not automatically map {model_name} to a tokeniser. Please use `tiktoken.get_encoding` to explicitly get the tokeniser you expect.")


def encoding_for_model(model_name):
    return encoding_name_for_model(model_name)
