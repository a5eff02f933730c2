/**
 * An invisible copy of a text field, laid over it: the text inside a field cannot be painted in browsers without
 * createValueRange, that of a copy can.
 */

const COPIED = [
  "boxSizing", "borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth",
  "paddingTop", "paddingRight", "paddingBottom", "paddingLeft",
  "fontFamily", "fontSize", "fontStyle", "fontWeight", "fontStretch", "fontVariant", "fontFeatureSettings",
  "letterSpacing", "wordSpacing", "lineHeight", "textTransform", "textIndent", "textAlign", "direction", "tabSize",
  "wordBreak", "overflowWrap", "lineBreak",
] as const;

export class Mirror {
  readonly #box: HTMLDivElement;
  readonly #text = document.createTextNode("");

  constructor(
    private readonly field: HTMLTextAreaElement | HTMLInputElement,
    layer: HTMLElement,
  ) {
    this.#box = document.createElement("div");
    this.#box.className = "mirror";
    this.#box.setAttribute("aria-hidden", "true");
    // A last line that ends in a newline is as high as in the field only with something after it.
    this.#box.append(this.#text, document.createTextNode("\u200b"));
    layer.append(this.#box);
  }

  range(start: number, end: number): Range | null {
    this.sync();
    if (start >= end || end > this.#text.length) return null;
    const range = document.createRange();
    range.setStart(this.#text, start);
    range.setEnd(this.#text, end);
    return range;
  }

  sync(): void {
    const { field } = this;
    const style = this.#box.style;
    const rect = field.getBoundingClientRect();
    if (!field.isConnected || !rect.width || !field.checkVisibility({ visibilityProperty: true })) {
      style.display = "none";
      return;
    }
    const computed = getComputedStyle(field);
    for (const name of COPIED) style[name] = computed[name];
    style.display = "block";
    style.whiteSpace = field.tagName === "TEXTAREA" ? "pre-wrap" : "pre";
    style.left = `${rect.left}px`;
    style.top = `${rect.top}px`;
    style.boxSizing = "border-box";
    // Without the width of a scroll bar, or lines would break elsewhere.
    style.width = `${field.clientWidth + parseFloat(computed.borderLeftWidth) + parseFloat(computed.borderRightWidth)}px`;
    style.height = `${rect.height}px`;
    // Replacing equal text would collapse the ranges on it.
    if (this.#text.data !== field.value) this.#text.data = field.value;
    this.#box.scrollTop = field.scrollTop;
    this.#box.scrollLeft = field.scrollLeft;
  }

  dispose(): void {
    this.#box.remove();
  }
}
