"""HTML of mails and helpdesks as plain text.

lexbor (through selectolax) parses broken markup in about linear time; Python's own parser needs minutes for some
inputs of 200 kB. Quoted earlier mail is left out, because its words are not the writer's.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

__all__ = ["html_to_text"]

_MAX_CHARS: Final = 200_000
_BLOCKS: Final = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_HIDDEN: Final = "script, style, head, title, template, noscript"
_QUOTED: Final = (
    "blockquote[type=cite], .gmail_quote, .yahoo_quoted, .moz-cite-prefix, #divRplyFwdMsg, #appendonsend, "
    ".zd-quote, .gorgias_quote"
)
_SPACES: Final = re.compile(r"[ \t\r\n\f\xa0]+")
_SPACE_BEFORE_LINE: Final = re.compile(r" ?\n ?")
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """The visible text of ``html``: blocks on lines of their own, no markup, no quoted mail.

    At most 200,000 code points of the source are read.
    """
    if "<" not in html and "&" not in html:
        return html.strip()
    tree = LexborHTMLParser(html[:_MAX_CHARS])
    for node in tree.css(_HIDDEN) + tree.css(_QUOTED):
        node.decompose()
    root = tree.body or tree.root
    if root is None:
        return ""
    parts: list[str] = []
    for node in root.traverse(include_text=True):
        if node.tag == "-text":
            parts.append(_SPACES.sub(" ", node.text_content or ""))
        elif node.tag in _BLOCKS:
            parts.append("\n")
        elif node.tag == "td":
            parts.append(" ")
    text = _SPACE_BEFORE_LINE.sub("\n", "".join(parts))
    return _BLANK_LINES.sub("\n\n", text).strip()
