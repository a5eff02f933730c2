/** Short notes beside the composer; each is a button that says more. */

import { h, type Host } from "./host";

export interface Pill {
  text: string;
  kind: string;
  action: () => void;
}

export class Pills {
  readonly #box: HTMLElement;
  readonly #shown = new Map<string, HTMLButtonElement>();
  #anchor: Element | null = null;

  constructor(private readonly host: Host) {
    this.#box = h("div", { class: "pills" });
    host.layer.append(this.#box);
  }

  /** Shows, changes or (null) removes the pill of a name. */
  set(name: string, pill: Pill | null, near: Element | null = this.#anchor): void {
    this.#anchor = near;
    const before = this.#shown.get(name);
    if (!pill) {
      before?.remove();
      this.#shown.delete(name);
      return;
    }
    this.host.attach(near);
    const element = before ?? h("button", { type: "button" });
    element.className = `pill ${pill.kind}`;
    if (element.textContent !== pill.text) element.textContent = pill.text;
    element.onmousedown = (event) => event.preventDefault();
    element.onclick = pill.action;
    if (!before) {
      this.#shown.set(name, element);
      this.#box.append(element);
    }
    this.place();
  }

  rect(name: string): DOMRect | null {
    return this.#shown.get(name)?.getBoundingClientRect() ?? null;
  }

  place(): void {
    if (!this.#shown.size) return;
    const { width, height } = this.#box.getBoundingClientRect();
    const at = this.#anchor?.isConnected ? this.#anchor.getBoundingClientRect() : null;
    const top = at?.width ? at.top - height - 4 : innerHeight - height - 12;
    const left = at?.width ? at.right - width : innerWidth - width - 12;
    this.#box.style.top = `${Math.max(4, Math.min(top, innerHeight - height - 4))}px`;
    this.#box.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
  }
}
