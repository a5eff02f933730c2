"""Readers: chat exports in, messages out, one file a format.

``read_export`` is for files that fit in memory, ``iter_messages`` for any size; both tell the format by content.
"""

from screener.readers.base import ReadOptions
from screener.readers.detect import iter_messages, open_source, read_export

__all__ = ["ReadOptions", "iter_messages", "open_source", "read_export"]
