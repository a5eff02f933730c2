/** The text of an element as a person reads it, and where each character lies in the tree. */

const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE DD DIV DL DT FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER LI MAIN OL P PRE SECTION TABLE TR UL".split(" "),
);
const SKIPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "BUTTON"]);

interface Piece {
  node: Text;
  start: number;
}

export interface TextMap {
  text: string;
  pieces: Piece[];
}

export function textMap(root: Element): TextMap {
  const pieces: Piece[] = [];
  let text = "";
  let breakDue = false;

  const walk = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) {
      const data = (node as Text).data;
      if (!data) return;
      // Blank text between blocks is the indentation of the page's source.
      if (breakDue && !data.trim() && data.includes("\n")) return;
      if (breakDue && text) text += "\n";
      breakDue = false;
      pieces.push({ node: node as Text, start: text.length });
      text += data.replaceAll("\u00a0", " ");
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      const element = node as Element;
      if (SKIPPED.has(element.tagName)) return;
      if (element.tagName === "BR") {
        // The last <br> of a block only keeps the block open.
        if (element.nextSibling) text += "\n";
        return;
      }
      const block = BLOCKS.has(element.tagName) && element !== root;
      if (block && text) breakDue = true;
      for (const child of element.childNodes) walk(child);
      if (block && text) breakDue = true;
    }
  };
  walk(root);
  return { text, pieces };
}

/** A range over [start, end) of the text, or null where the tree holds no such text. */
export function rangeOf(map: TextMap, start: number, end: number): Range | null {
  const first = map.pieces.findLast((piece) => piece.start <= start);
  const last = map.pieces.findLast((piece) => piece.start < end);
  if (!first || !last || start >= end) return null;
  const range = document.createRange();
  try {
    range.setStart(first.node, Math.min(start - first.start, first.node.length));
    range.setEnd(last.node, Math.min(end - last.start, last.node.length));
  } catch {
    return null;
  }
  return range.collapsed ? null : range;
}

export function offsetOf(map: TextMap, node: Node, offset: number): number {
  const piece = map.pieces.find((one) => one.node === node);
  if (piece) return piece.start + offset;
  // An element position: where its next text begins.
  const child = node.childNodes[offset];
  const next = child && map.pieces.find((one) => child.contains(one.node));
  return next ? next.start : map.text.length;
}
