"""Messages: headers, whose names are alike in any case, and what they head."""

import base64
import quopri
import re

__all__ = ["EmailMessage", "Message", "MIMEPart"]


class Message:
    """A message of headers and text, or of parts."""

    def __init__(self, policy=None):
        self._headers, self._payload, self.preamble, self.epilogue, self.defects = [], None, None, None, []
        self._default_type = "text/plain"

    def __len__(self):
        return len(self._headers)

    def __iter__(self):
        return iter(self.keys())

    def __contains__(self, name):
        return any(k.lower() == name.lower() for k, _ in self._headers)

    def __getitem__(self, name):
        return self.get(name)

    def __setitem__(self, name, val):
        self._headers.append((name, val))

    def __delitem__(self, name):
        self._headers = [(k, v) for k, v in self._headers if k.lower() != name.lower()]

    def keys(self):
        return [k for k, _ in self._headers]

    def values(self):
        return [v for _, v in self._headers]

    def items(self):
        return list(self._headers)

    def get(self, name, failobj=None):
        return next((v for k, v in self._headers if k.lower() == name.lower()), failobj)

    def get_all(self, name, failobj=None):
        return [v for k, v in self._headers if k.lower() == name.lower()] or failobj

    def add_header(self, _name, _value, **_params):
        """Add a header with parameters; an underscore in a name stands for a dash."""
        parts = [] if _value is None else [_value]
        for k, v in _params.items():
            parts.append(k.replace("_", "-") if v is None else f'{k.replace("_", "-")}="{v}"')
        self[_name] = "; ".join(parts)

    def replace_header(self, _name, _value):
        for i, (k, _) in enumerate(self._headers):
            if k.lower() == _name.lower():
                self._headers[i] = (k, _value)
                return
        raise KeyError(_name.lower())

    def _params_of(self, header):
        """The value of a header and its parameters."""
        text = self.get(header)
        if text is None:
            return None, {}
        parts = re.findall(r'(?:"(?:\\.|[^"\\])*"|[^;"])+', str(text))
        params = {}
        for part in parts[1:]:
            name, _, value = part.partition("=")
            value = value.strip()
            params[name.strip().lower()] = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
        return parts[0].strip() if parts else "", params

    def get_content_type(self):
        kind = (self._params_of("content-type")[0] or self._default_type).lower()
        return kind if kind.count("/") == 1 else "text/plain"

    def get_content_maintype(self):
        return self.get_content_type().split("/")[0]

    def get_content_subtype(self):
        return self.get_content_type().split("/")[1]

    def get_default_type(self):
        return self._default_type

    def set_default_type(self, ctype):
        self._default_type = ctype

    def get_params(self, failobj=None, header="content-type", unquote=True):
        value, params = self._params_of(header)
        return failobj if value is None else [(value, "")] + list(params.items())

    def get_param(self, param, failobj=None, header="content-type", unquote=True):
        return self._params_of(header)[1].get(param.lower(), failobj)

    def set_param(self, param, value, header="Content-Type", requote=True, charset=None, language="", replace=False):
        kind, params = self._params_of(header)
        params[param.lower()] = value
        text = "; ".join([kind or "text/plain"] + [f'{k}="{v}"' for k, v in params.items()])
        del self[header]
        self[header] = text

    def set_type(self, type, header="Content-Type", requote=True):
        params = self._params_of(header)[1]
        del self[header]
        self[header] = "; ".join([type] + [f'{k}="{v}"' for k, v in params.items()])

    def get_content_charset(self, failobj=None):
        charset = self.get_param("charset")
        return charset.lower() if charset else failobj

    get_charset = get_content_charset

    def get_filename(self, failobj=None):
        return self.get_param("filename", None, "content-disposition") or self.get_param("name", failobj)

    def get_boundary(self, failobj=None):
        return self.get_param("boundary", failobj)

    def set_boundary(self, boundary):
        self.set_param("boundary", boundary)

    def get_content_disposition(self):
        kind = self._params_of("content-disposition")[0]
        return kind.lower() if kind else None

    def is_multipart(self):
        return isinstance(self._payload, list)

    def attach(self, payload):
        """Add a part."""
        if self._payload is None:
            self._payload = []
        if not self.is_multipart():
            raise TypeError("Attach is not valid on a message with a non-multipart payload")
        self._payload.append(payload)

    def set_payload(self, payload, charset=None):
        self._payload = payload.decode("utf-8") if isinstance(payload, bytes) else payload
        if charset:
            if "Content-Type" not in self:
                self["Content-Type"] = f'text/plain; charset="{charset}"'
            else:
                self.set_param("charset", charset)

    def get_payload(self, i=None, decode=False):
        """The text or the parts; with decode the bytes that the text stands for."""
        if self.is_multipart():
            if decode:
                return None
            return self._payload if i is None else self._payload[i]
        if i is not None:
            raise TypeError(f"Expected list, got {type(self._payload)}")
        if not decode or self._payload is None:
            return self._payload
        how = str(self.get("content-transfer-encoding", "")).lower()
        raw = self._payload.encode(self.get_content_charset("utf-8") if not self._payload.isascii() else "ascii", "surrogateescape")
        if how == "base64":
            return base64.b64decode(raw)
        return quopri.decodestring(raw) if how == "quoted-printable" else raw

    def walk(self):
        """This message and all below it."""
        yield self
        if self.is_multipart():
            for part in self._payload:
                yield from part.walk()

    def as_string(self, unixfrom=False, maxheaderlen=0, policy=None):
        head = "".join(f"{k}: {v}\n" for k, v in self._headers)
        if not self.is_multipart():
            return f"{head}\n{self._payload or ''}"
        boundary = self.get_boundary()
        if boundary is None:
            boundary = "=" * 15 + f"{abs(hash(head)):019d}=="
            self.set_param("boundary", boundary) if "content-type" in self else self.__setitem__("Content-Type", f'multipart/mixed; boundary="{boundary}"')
            head = "".join(f"{k}: {v}\n" for k, v in self._headers)
        body = "".join(f"--{boundary}\n{part.as_string()}\n" for part in self._payload)
        return f"{head}\n{self.preamble or ''}{body}--{boundary}--\n{self.epilogue or ''}"

    def as_bytes(self, unixfrom=False, policy=None):
        return self.as_string().encode("utf-8", "surrogateescape")

    __str__ = as_string
    __bytes__ = as_bytes


class MIMEPart(Message):
    """A message whose content is set and read as text or bytes."""

    def get_content(self):
        raw = self.get_payload(decode=True)
        if self.get_content_maintype() != "text":
            return raw
        return raw.decode(self.get_content_charset("utf-8"), "replace")

    def set_content(self, content, maintype=None, subtype=None, charset="utf-8", cte=None, filename=None, disposition=None):
        for name in ("content-type", "content-transfer-encoding", "content-disposition"):
            del self[name]
        if isinstance(content, str):
            self["Content-Type"] = f'text/{subtype or "plain"}; charset="{charset}"'
            text = content if content.endswith("\n") else content + "\n"
            self["Content-Transfer-Encoding"] = cte or ("7bit" if text.isascii() else "base64")
            self._payload = text if text.isascii() else base64.encodebytes(text.encode(charset)).decode("ascii")
        elif isinstance(content, (bytes, bytearray)):
            if not maintype or not subtype:
                raise TypeError("set_content: bytes need maintype and subtype")
            self["Content-Type"] = f"{maintype}/{subtype}"
            self["Content-Transfer-Encoding"] = "base64"
            self._payload = base64.encodebytes(content).decode("ascii")
        else:
            raise TypeError(f"set_content: got {type(content).__name__}, want str or bytes")
        if filename or disposition:
            self.add_header("Content-Disposition", disposition or "attachment", **({"filename": filename} if filename else {}))

    def get_body(self, preferencelist=("related", "html", "plain")):
        for kind in preferencelist:
            for part in self.walk():
                if not part.is_multipart() and part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment":
                    return part
        return None

    def _mixed(self, subtype):
        if self.get_content_type() != f"multipart/{subtype}":
            part = type(self)()
            part._headers = [(k, v) for k, v in self._headers if k.lower().startswith("content-")]
            part._payload = self._payload
            self._headers = [(k, v) for k, v in self._headers if not k.lower().startswith("content-")]
            self["Content-Type"] = f"multipart/{subtype}"
            self._payload = [part] if part._headers else []

    def _added(self, subtype, args, kwargs):
        self._mixed(subtype)
        part = type(self)()
        part.set_content(*args, **kwargs)
        self._payload.append(part)
        return part

    def add_attachment(self, *args, **kwargs):
        kwargs.setdefault("disposition", "attachment")
        self._added("mixed", args, kwargs)

    def add_alternative(self, *args, **kwargs):
        self._added("alternative", args, kwargs)

    def iter_parts(self):
        yield from self._payload if self.is_multipart() else ()

    def iter_attachments(self):
        for part in self.iter_parts():
            if part.get_content_disposition() == "attachment":
                yield part

    def is_attachment(self):
        return self.get_content_disposition() == "attachment"


class EmailMessage(MIMEPart):
    """A message for mail."""

    def set_content(self, *args, **kwargs):
        super().set_content(*args, **kwargs)
        if "MIME-Version" not in self:
            self["MIME-Version"] = "1.0"
