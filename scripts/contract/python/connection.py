"""
A client of facegate VERSION for Python 3.9 and newer: one file, no packages. Made by `npm run generate -- python` from the contract
that the service serves as /openapi.json: make it anew rather than change it.

    facegate = Facegate("https://facegate.example.workers.dev", key=os.environ["APP_KEY"])
    if facegate.verify("photo.jpg", identity="eve")["decision"] == "match":
        ...

"Not the same person" is the decision "no_match", never an error. Every failure is a FacegateError.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, Iterable, Literal, TypedDict, Union
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from typing_extensions import NotRequired

#: The path of a photo, or its bytes.
Photo = Union[str, "os.PathLike[str]", bytes]


#: In place of a value: takes away what is there, as in `update_identity("eve", name=REMOVE)`.
REMOVE: Any = object()


class FacegateError(Exception):
    """What the service refused, or why no answer came (`network_failed`, `unexpected_answer`)."""

    def __init__(
        self,
        code: str,
        detail: str,
        hint: str = "Check the connection and try again.",
        retryable: bool = False,
        status: int | None = None,
        request_id: str | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        #: What the person holding the phone can do.
        self.hint = hint
        self.retryable = retryable
        self.status = status
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect would carry photo and key to an address that the caller did not choose."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Connection:
    """Where the service is, and how it is asked. A request is sent once and never again by itself."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        timeout: float = 30,
        allow_http: bool = False,
    ) -> None:
        is_local = re.match(r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/|$)", url)
        if not (url.startswith("https://") or is_local or (allow_http and url.startswith("http://"))):
            raise ValueError("url: expected https; http sends key and photos in the clear (allow_http)")
        self._url = url.rstrip("/")
        self._key = key
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_StayHere)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        header: dict[str, Any] | None = None,
        form: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        photos: Iterable[tuple[str, Photo]] | None = None,
        lines: str | None = None,
    ) -> Any:
        given = _given(query)
        url = self._url + path + (f"?{urlencode(given)}" if given else "")
        headers = {"Accept": "application/json, application/x-ndjson", **_given(header)}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key}"
        body = None
        if photos is not None:
            body, headers["Content-Type"] = _multipart(_given(form), photos)
        elif lines is not None:
            body, headers["Content-Type"] = lines.encode(), "application/x-ndjson"
        elif json is not None:
            body, headers["Content-Type"] = _dumps(json), "application/json"
        request = urllib.request.Request(url, data=body, headers=headers, method=method)
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return _read(answer.status, answer.headers.get("Content-Type", ""), answer.read())
        except urllib.error.HTTPError as refusal:
            raise _refused(refusal) from None
        except OSError as fault:
            raise FacegateError("network_failed", str(fault), retryable=True) from fault


def _given(fields: dict[str, Any] | None) -> dict[str, str]:
    """Those that are not None, as text."""
    texts = {True: "true", False: "false"}
    return {
        name: texts[value] if isinstance(value, bool) else str(value)
        for name, value in (fields or {}).items()
        if value is not None
    }


def _dumps(fields: dict[str, Any]) -> bytes:
    given = {name: value for name, value in fields.items() if value is not None}
    return json.dumps({name: None if value is REMOVE else value for name, value in given.items()}).encode()


def _multipart(fields: dict[str, str], photos: Iterable[tuple[str, Photo]]) -> tuple[bytes, str]:
    boundary = secrets.token_hex(16)
    parts = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, photo in photos:
        if isinstance(photo, bytes):
            data = photo
        else:
            with open(photo, "rb") as file:
                data = file.read()
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="photo"\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"


def _read(status: int, kind: str, data: bytes) -> Any:
    if status == 204:
        return None
    if kind.startswith("application/x-ndjson"):
        return data.decode()
    try:
        answer = json.loads(data)
        if isinstance(answer, dict):
            return answer
    except ValueError:
        pass
    raise FacegateError("unexpected_answer", f"status {status} with {kind!r}, expected JSON", status=status)


def _refused(refusal: urllib.error.HTTPError) -> FacegateError:
    try:
        problem = json.loads(refusal.read())
        wait = refusal.headers.get("Retry-After", "")
        return FacegateError(
            problem["code"],
            problem["detail"],
            problem["hint"],
            problem["retryable"],
            refusal.code,
            problem["requestId"],
            int(wait) if wait.isdigit() else None,
        )
    except (ValueError, KeyError, TypeError, OSError):
        return FacegateError("unexpected_answer", f"status {refusal.code} without a code", status=refusal.code)
