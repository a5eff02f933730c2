/** Paints ranges with the CSS Custom Highlight API: nothing is added to the page's own tree but a style sheet. */

import type { Effect } from "../client";
import { rootOf } from "./dom";

export type Mark = Exclude<Effect, "allow"> | "statement";

export interface Painted {
  range: Range;
  mark: Mark;
}

const MARKS: Mark[] = ["block", "warn", "note", "statement"];

/** Form and colour differ, so that nobody has to tell colours apart. */
export const HIGHLIGHT_CSS = `
::highlight(screener-block){text-decoration:underline wavy #d92d20 2px;text-decoration-skip-ink:none}
::highlight(screener-warn){text-decoration:underline dashed #c4320a 2px;text-decoration-skip-ink:none}
::highlight(screener-note){text-decoration:underline dotted #1570ef 2px;text-decoration-skip-ink:none}
::highlight(screener-statement){text-decoration:underline double #067647 1px;background-color:rgb(23 178 106 / 18%);text-decoration-skip-ink:none}`;

export class Underliner {
  readonly #owners = new Map<object, Painted[]>();
  readonly #styles = new WeakMap<Document | ShadowRoot, HTMLStyleElement>();

  paint(owner: object, painted: Painted[]): void {
    if (painted.length) this.#owners.set(owner, painted);
    else if (!this.#owners.delete(owner)) return;
    for (const { range } of painted) this.#ensureStyle(range);
    this.#publish();
  }

  /** What lies under a point. */
  hit(owner: object, x: number, y: number): Painted | undefined {
    return this.#owners.get(owner)?.find(({ range }) =>
      [...range.getClientRects()].some((r) => x >= r.left && x <= r.right && y >= r.top - 2 && y <= r.bottom + 4),
    );
  }

  #publish(): void {
    for (const mark of MARKS) {
      const ranges = [...this.#owners.values()].flat().filter((one) => one.mark === mark).map((one) => one.range);
      if (ranges.length) CSS.highlights.set(`screener-${mark}`, new Highlight(...ranges));
      else CSS.highlights.delete(`screener-${mark}`);
    }
  }

  #ensureStyle(range: Range): void {
    const at = range.startContainer;
    const element = at instanceof Element ? at : at.parentElement;
    if (!element) return;
    const root = rootOf(element);
    const known = this.#styles.get(root);
    if (known?.isConnected) return;
    const style = known ?? document.createElement("style");
    style.textContent = HIGHLIGHT_CSS;
    this.#styles.set(root, style);
    (root instanceof ShadowRoot ? root : (document.head ?? document.documentElement)).append(style);
  }
}
