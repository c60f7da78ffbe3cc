"""Models of SentencePiece: text as pieces, and back."""

import os as _os

import _tokenizers

__all__ = ["SentencePieceNormalizer", "SentencePieceProcessor", "SentencePieceTrainer"]
__version__ = "0.2.1"

_UNKNOWN, _CONTROL, _UNUSED, _BYTE = 2, 3, 5, 6


def _refuse(what):
    raise NotImplementedError(f"sentencepiece: {what} is not supported")


class SentencePieceProcessor:
    """Cuts text into the pieces of a model."""

    def __init__(self, model_file=None, model_proto=None, out_type=int, add_bos=False, add_eos=False, reverse=False, emit_unk_piece=False,
                 enable_sampling=False, nbest_size=-1, alpha=0.1, num_threads=-1):
        self._model, self._proto = None, b""
        self._out_type, self._add_bos, self._add_eos, self._reverse, self._emit_unk_piece, self._enable_sampling = out_type, add_bos, add_eos, reverse, emit_unk_piece, enable_sampling
        if model_file or model_proto:
            self.Load(model_file=model_file, model_proto=model_proto)

    Init = __init__

    def Load(self, model_file=None, model_proto=None):
        if model_file and model_proto:
            raise RuntimeError("model_file and model_proto must be exclusive.")
        if model_proto:
            return self.LoadFromSerializedProto(model_proto)
        return self.LoadFromFile(model_file)

    def LoadFromFile(self, arg):
        path = _os.fspath(arg)
        try:
            with open(path, "rb") as f:
                data = f.read()
        except FileNotFoundError:
            raise OSError(f'Not found: "{path}": No such file or directory Error #2') from None
        return self.LoadFromSerializedProto(data)

    def LoadFromSerializedProto(self, serialized):
        self._model, self._proto = _tokenizers.sentencepiece(bytes(serialized)), bytes(serialized)
        return True

    def serialized_model_proto(self):
        return self._proto

    def __getstate__(self):
        return self._proto

    def __setstate__(self, proto):
        self.__init__()
        self.LoadFromSerializedProto(proto)

    def _loaded(self):
        if self._model is None:
            raise RuntimeError("Model is not initialized.")
        return self._model

    # Text as pieces.

    def Encode(self, input, out_type=None, add_bos=None, add_eos=None, reverse=None, emit_unk_piece=None, enable_sampling=None, nbest_size=None, alpha=None, num_threads=None):
        """The pieces of a text, or of each of a list of texts, as numbers or as text."""
        pick = lambda given, own: own if given is None else given
        out_type = pick(out_type, self._out_type)
        if pick(enable_sampling, self._enable_sampling):
            _refuse("sampling")
        if out_type not in (int, str):
            _refuse(f"out_type {out_type!r}")
        options = out_type, pick(add_bos, self._add_bos), pick(add_eos, self._add_eos), pick(reverse, self._reverse), pick(emit_unk_piece, self._emit_unk_piece)
        if isinstance(input, (list, tuple)):
            return [self._encode(text, *options) for text in input]
        return self._encode(input, *options)

    def _encode(self, text, out_type, add_bos, add_eos, reverse, emit_unk_piece):
        model = self._loaded()
        if isinstance(text, bytes):
            text = text.decode()
        if not isinstance(text, str):
            raise TypeError("not a string")
        ids, parts = model.encode(text)
        out = ids if out_type is int else parts
        if out_type is str and emit_unk_piece:
            unknown = self.unk_id()
            out = [self.id_to_piece(i) if i == unknown else p for i, p in zip(ids, parts)]
        if out_type is str:
            out = [self.id_to_piece(i) if self.is_byte(i) else p for i, p in zip(ids, out)]
        if reverse:
            out.reverse()
        for wanted, mark, at in ((add_bos, self.bos_id(), 0), (add_eos, self.eos_id(), None)):
            if wanted:
                if mark < 0:
                    raise RuntimeError("id is not defined: bos or eos")
                out.insert(len(out) if at is None else at, mark if out_type is int else self.id_to_piece(mark))
        return out

    def EncodeAsIds(self, input, **kwargs):
        return self.Encode(input, out_type=int, **kwargs)

    def EncodeAsPieces(self, input, **kwargs):
        return self.Encode(input, out_type=str, **kwargs)

    def Tokenize(self, input, **kwargs):
        return self.Encode(input, **kwargs)

    def NBestEncode(self, *args, **kwargs):
        _refuse("NBestEncode")

    def SampleEncodeAsIds(self, *args, **kwargs):
        _refuse("sampling")

    SampleEncodeAsPieces = SampleEncodeAndScore = SampleEncodeAsIds

    def EncodeAsSerializedProto(self, *args, **kwargs):
        _refuse("EncodeAsSerializedProto")

    EncodeAsImmutableProto = EncodeAsSerializedProto

    def Normalize(self, input, with_offsets=None):
        if with_offsets:
            _refuse("with_offsets")
        normalize = self._loaded().normalize
        return [normalize(text) for text in input] if isinstance(input, (list, tuple)) else normalize(input)

    # Pieces as text.

    def Decode(self, input, out_type=str, num_threads=None):
        """The text of pieces, which are numbers or texts, or of each of a list of such."""
        if out_type is not str:
            _refuse(f"out_type {out_type!r}")
        model = self._loaded()
        if isinstance(input, int):
            return model.decode([input])
        if isinstance(input, str):
            return model.decode([model.id(input)], [input])
        if hasattr(input, "tolist"):
            input = input.tolist()
        input = list(input)
        if not input:
            return ""
        if isinstance(input[0], (list, tuple)):
            return [self.Decode(one) for one in input]
        if isinstance(input[0], str):
            return model.decode([model.id(p) for p in input], input)
        return model.decode(input)

    def DecodeIds(self, input, **kwargs):
        return self.Decode(input, **kwargs)

    DecodePieces = DecodeIdsWithCheck = Detokenize = DecodeIds

    # The pieces of the model.

    def GetPieceSize(self):
        return self._loaded().size()

    def _each(self, input, f):
        return [f(x) for x in input] if isinstance(input, (list, tuple)) else f(input)

    def PieceToId(self, piece):
        return self._each(piece, self._loaded().id)

    def IdToPiece(self, id):
        return self._each(id, lambda i: self._loaded().piece(i)[0])

    def GetScore(self, id):
        return self._each(id, lambda i: self._loaded().piece(i)[1])

    def _is(self, id, kind):
        return self._each(id, lambda i: self._loaded().piece(i)[2] == kind)

    def IsUnknown(self, id):
        return self._is(id, _UNKNOWN)

    def IsControl(self, id):
        return self._is(id, _CONTROL)

    def IsUnused(self, id):
        return self._is(id, _UNUSED)

    def IsByte(self, id):
        return self._is(id, _BYTE)

    def unk_id(self):
        return self._loaded().marks()[0]

    def bos_id(self):
        return self._loaded().marks()[1]

    def eos_id(self):
        return self._loaded().marks()[2]

    def pad_id(self):
        return self._loaded().marks()[3]

    def piece_size(self):
        return self.GetPieceSize()

    vocab_size = __len__ = piece_size

    def __getitem__(self, piece):
        return self.PieceToId(piece)

    def SetEncodeExtraOptions(self, extra_option):
        """Options between colons: bos, eos, reverse, unk."""
        wanted = [o for o in extra_option.split(":") if o]
        for option in wanted:
            if option not in ("bos", "eos", "reverse", "unk", "unk_piece"):
                raise RuntimeError(f'option "{option}" is not available.')
        self._add_bos, self._add_eos, self._reverse = "bos" in wanted, "eos" in wanted, "reverse" in wanted
        self._emit_unk_piece = "unk" in wanted or "unk_piece" in wanted

    def SetVocabulary(self, *args):
        _refuse("SetVocabulary")

    ResetVocabulary = LoadVocabulary = SetDecodeExtraOptions = SetVocabulary

    load, load_from_file, load_from_serialized_proto = Load, LoadFromFile, LoadFromSerializedProto
    encode, encode_as_ids, encode_as_pieces, tokenize, normalize = Encode, EncodeAsIds, EncodeAsPieces, Tokenize, Normalize
    decode, decode_ids, decode_pieces, detokenize = Decode, DecodeIds, DecodePieces, Detokenize
    get_piece_size, piece_to_id, id_to_piece, get_score = GetPieceSize, PieceToId, IdToPiece, GetScore
    is_unknown, is_control, is_unused, is_byte = IsUnknown, IsControl, IsUnused, IsByte
    set_encode_extra_options, nbest_encode = SetEncodeExtraOptions, NBestEncode


class SentencePieceTrainer:
    """Makes models, which is not done here."""

    @staticmethod
    def Train(*args, **kwargs):
        _refuse("training")

    train = Train


class SentencePieceNormalizer:
    """Rewrites text as a model does."""

    def __init__(self, model_file=None, model_proto=None, rule_tsv=None, rule_name=None, add_dummy_prefix=False, escape_whitespaces=False, remove_extra_whitespaces=False):
        if not (model_file or model_proto):
            _refuse("a normalizer without a model")
        self._model = SentencePieceProcessor(model_file=model_file, model_proto=model_proto)

    def Normalize(self, input, with_offsets=None):
        return self._model.Normalize(input, with_offsets)

    normalize = Normalize
