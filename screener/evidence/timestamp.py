"""Time stamps by RFC 3161: the request for a pack, to be sent by whoever has an authority, and what an answer says.

No network here: ``screener evidence --timestamp-request`` writes the request as a file beside the pack.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.errors import ScreenerError

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["Stamped", "read_answer", "request_for"]


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a time stamp says: the SHA-256 that it is about and its time (UTC). Its signature is not checked here."""

    sha256: str
    time: dt.datetime


def request_for(manifest: bytes) -> bytes:
    """A time-stamp request (DER) over the SHA-256 of a manifest. The same manifest gives the same bytes: no nonce.

    Raises:
        ScreenerError: E501 without the extra ``evidence``.

    """
    try:
        from asn1crypto import tsp
    except ImportError:
        raise ScreenerError("E501", feature="time stamps", package="asn1crypto", extra="evidence") from None
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(manifest).digest()}
    form = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
    made: bytes = form.dump()
    return made


def read_answer(answer: bytes) -> Stamped:
    """What an authority's answer (DER, ``.tsr``) or token says.

    Raises:
        ScreenerError: E501 without the extra ``evidence``, E210 when it is no time stamp or was refused.

    """
    try:
        from asn1crypto import cms, tsp
    except ImportError:
        raise ScreenerError("E501", feature="time stamps", package="asn1crypto", extra="evidence") from None
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        if response["status"]["status"].native not in ("granted", "granted_with_mods"):
            raise ScreenerError("E210", reason="the authority refused the request")
        token: cms.ContentInfo = response["time_stamp_token"]
        told = token["content"]["encap_content_info"]["content"].parsed
        imprint = told["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            raise ScreenerError("E210", reason="it is not about a SHA-256")
        return Stamped(imprint["hashed_message"].native.hex(), told["gen_time"].native)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScreenerError("E210", reason=type(error).__name__) from None
