/** The card: a dialog beside the text, for a finding, a held message or a buyer's statements. */

import { button, h, type Host } from "./host";

export interface CardContent {
  /** Name of the dialog. */
  title: string;
  badge?: { text: string; kind: string };
  body: Node[];
  closeLabel: string;
  /** Which element gets the focus; the first one after the close button, if left out. */
  first?: HTMLElement;
}

const FOCUSABLE = "button:not(:disabled),a[href],input";

export class Card {
  #panel: HTMLElement | undefined;
  #anchor: () => DOMRect | null = () => null;
  #closed: ((hadFocus: boolean) => void) | undefined;
  #first: HTMLElement | undefined;

  constructor(private readonly host: Host) {}

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  get hasFocus(): boolean {
    return this.#panel !== undefined && this.host.root.activeElement !== null && this.#panel.contains(this.host.root.activeElement);
  }

  /** `closed` runs when it goes away, whoever sent it away. */
  open(content: CardContent, anchor: () => DOMRect | null, options: { focus: boolean; closed?: (hadFocus: boolean) => void }): void {
    const hadFocus = this.hasFocus;
    this.#remove();
    const close = button("\u00d7", "close", () => this.close());
    close.setAttribute("aria-label", content.closeLabel);
    const title = h("h2", { id: "title" }, content.title);
    const panel = h(
      "div",
      { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1" },
      h("div", { class: "head" }, content.badge && h("span", { class: `badge ${content.badge.kind}` }, content.badge.text), title, close),
      ...content.body,
    );
    panel.addEventListener("keydown", (event) => this.#keys(event));
    this.#panel = panel;
    this.#anchor = anchor;
    this.#first = content.first;
    if (options.closed) this.#closed = options.closed;
    this.host.layer.append(panel);
    this.place();
    if (options.focus || hadFocus) this.focus();
  }

  /** Focus what the card is for: its first answer, else the first thing after the close button. */
  focus(): void {
    const stops = this.#stops();
    (this.#first ?? stops[1] ?? stops[0] ?? this.#panel)?.focus({ preventScroll: true });
  }

  close(): void {
    const closed = this.#closed;
    const hadFocus = this.hasFocus;
    this.#remove();
    closed?.(hadFocus);
  }

  place(): void {
    const panel = this.#panel;
    if (!panel) return;
    const at = this.#anchor();
    const { width, height } = panel.getBoundingClientRect();
    const gap = 8;
    let top = innerHeight - height - gap;
    let left = innerWidth - width - gap;
    if (at) {
      // Above, where no text is being written, unless there is no room.
      top = at.top - height - gap >= gap ? at.top - height - gap : at.bottom + gap;
      left = at.left;
    }
    panel.style.top = `${Math.max(gap, Math.min(top, innerHeight - height - gap))}px`;
    panel.style.left = `${Math.max(gap, Math.min(left, innerWidth - width - gap))}px`;
  }

  #remove(): void {
    this.#panel?.remove();
    this.#panel = undefined;
    this.#first = undefined;
    this.#closed = undefined;
  }

  #stops(): HTMLElement[] {
    return [...(this.#panel?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  }

  #keys(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    } else if (event.key === "Tab") {
      // The card lies at the end of the document: leaving it by Tab would lose the person's place.
      const stops = this.#stops();
      const at = stops.indexOf(this.host.root.activeElement as HTMLElement);
      event.preventDefault();
      stops.at((at + (event.shiftKey ? -1 : 1)) % stops.length)?.focus();
    }
  }
}
