"""Files of drafts - macros, templates, translations - screened where they are written, with true lines and columns."""

from screener.drafts.check import DraftFinding, check_file
from screener.drafts.segments import FORMATS, Segment, segments

__all__ = ["FORMATS", "DraftFinding", "Segment", "check_file", "segments"]
