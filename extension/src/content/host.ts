/** The one element that the extension adds to a page; everything it shows lies in its shadow root. */

import { HIGHLIGHT_CSS } from "./underline";

declare const SHADOW_MODE: ShadowRootMode;

const CSS_TEXT = `
:host{all:initial!important;display:block!important;position:fixed!important;inset:0!important;width:auto!important;height:auto!important;
  margin:0!important;padding:0!important;border:0!important;background:none!important;overflow:visible!important;
  pointer-events:none!important;z-index:2147483647!important;color-scheme:light dark!important}
:host{--surface:#ffffff;--ink:#1d2433;--soft:#4a5468;--line:#d3d8e0;--field:#f6f7f9;--link:#175cd3;--accent:#1d4fd8;--on-accent:#ffffff;
  --block:#b42318;--warn:#93370d;--note:#175cd3;--good:#05603a;--tint-block:#fef3f2;--tint-warn:#fffaeb;--tint-note:#eff8ff;--tint-good:#ecfdf3}
@media (prefers-color-scheme:dark){:host{--surface:#1b2130;--ink:#eef1f6;--soft:#b6bfce;--line:#3b4557;--field:#252d3e;--link:#84b6ff;
  --accent:#84b6ff;--on-accent:#0d1626;--block:#ffa29b;--warn:#fec873;--note:#84b6ff;--good:#75e0a7;--tint-block:#3a2023;--tint-warn:#352c1b;
  --tint-note:#1d2c45;--tint-good:#163528}}
*{box-sizing:border-box}
.mirror{position:fixed;pointer-events:none;overflow:hidden;color:transparent;background:none;border-style:solid;border-color:transparent;margin:0}
.panel,.pills{font:14px/1.45 system-ui,"Segoe UI","Noto Sans","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);pointer-events:auto}
.pills{position:fixed;display:flex;gap:6px;pointer-events:none}
.pill{pointer-events:auto;font:600 12px/1.3 inherit;font-family:inherit;font-size:12px;color:var(--ink);background:var(--surface);border:1px solid var(--line);
  border-radius:999px;padding:3px 10px;box-shadow:0 1px 3px rgb(16 24 40/.18);cursor:pointer;max-width:min(420px,90vw);text-align:start}
.pill.block{color:var(--block);background:var(--tint-block);border-color:var(--block)}
.pill.warn,.pill.offline{color:var(--warn);background:var(--tint-warn);border-color:var(--warn)}
.pill.note{color:var(--note);background:var(--tint-note);border-color:var(--note)}
.pill.statement{color:var(--good);background:var(--tint-good);border-color:var(--good)}
.panel{position:fixed;width:min(380px,calc(100vw - 16px));max-height:min(460px,calc(100vh - 16px));overflow:auto;background:var(--surface);
  border:1px solid var(--line);border-radius:10px;box-shadow:0 12px 32px rgb(16 24 40/.28);padding:14px 16px}
.head{display:flex;align-items:center;gap:8px;margin:0 0 8px}
.head h2{font-size:15px;line-height:1.3;margin:0;flex:1;font-weight:650}
.badge{font-size:12px;font-weight:650;border-radius:5px;padding:2px 7px;border:1px solid currentColor;white-space:nowrap}
.badge.block{color:var(--block);background:var(--tint-block)}.badge.warn{color:var(--warn);background:var(--tint-warn)}
.badge.note{color:var(--note);background:var(--tint-note)}.badge.statement{color:var(--good);background:var(--tint-good)}
p{margin:0 0 8px;overflow-wrap:anywhere}
.quote{background:var(--field);border-inline-start:3px solid var(--line);padding:4px 8px;border-radius:0 4px 4px 0}
.soft{color:var(--soft);font-size:12.5px}
h3{font-size:12.5px;margin:10px 0 4px;font-weight:650;color:var(--soft)}
ul{list-style:none;margin:0 0 8px;padding:0;display:grid;gap:6px}
button{font:inherit;cursor:pointer}
.fix{width:100%;text-align:start;background:var(--field);color:var(--ink);border:1px solid var(--line);border-radius:7px;padding:7px 10px;overflow-wrap:anywhere}
.fix:hover{border-color:var(--accent)}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin-top:8px}
.plain{background:none;border:1px solid var(--line);color:var(--ink);border-radius:7px;padding:5px 10px}
.main{background:var(--accent);border:1px solid var(--accent);color:var(--on-accent);border-radius:7px;padding:5px 12px;font-weight:600}
.main:disabled{background:var(--field);color:var(--soft);border-color:var(--line);cursor:not-allowed}
.close{background:none;border:0;color:var(--soft);font-size:18px;line-height:1;padding:4px 6px;border-radius:6px}
a{color:var(--link)}
label{display:block;font-size:12.5px;font-weight:600;margin:10px 0 4px}
input{font:inherit;width:100%;background:var(--field);color:var(--ink);border:1px solid var(--soft);border-radius:7px;padding:6px 9px}
.held{border-top:1px solid var(--line);margin-top:10px;padding-top:8px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.live{position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (forced-colors:active){.panel,.pill{border:1px solid CanvasText}}
${HIGHLIGHT_CSS}`;

export class Host {
  readonly element = document.createElement("screener-assistant");
  readonly root: ShadowRoot;
  readonly layer: HTMLElement;
  readonly #polite: HTMLElement;
  readonly #urgent: HTMLElement;

  constructor() {
    this.root = this.element.attachShadow({ mode: SHADOW_MODE });
    const style = document.createElement("style");
    style.textContent = CSS_TEXT;
    this.layer = h("div", {});
    this.#polite = h("div", { class: "live", role: "status", "aria-live": "polite" });
    this.#urgent = h("div", { class: "live", role: "alert", "aria-live": "assertive" });
    this.root.append(style, this.layer, this.#polite, this.#urgent);
    // The site's own shortcuts must not act on what is typed in here.
    for (const type of ["keydown", "keypress", "keyup", "input", "paste", "click", "pointerdown", "mousedown", "focusin"]) {
      this.root.addEventListener(type, (event) => event.stopPropagation());
    }
  }

  /** Puts the element where it can be seen and used: inside an open modal dialog everything outside is inert. */
  attach(near: Element | null): void {
    const home = near?.closest("dialog[open]") ?? document.documentElement;
    if (this.element.parentNode === home) return;
    home.append(this.element);
    try {
      // The top layer, above whatever z-index the page uses.
      this.element.popover = "manual";
      this.element.showPopover();
    } catch {
      // Without it, the z-index has to do.
    }
  }

  holds(target: EventTarget | null): boolean {
    return target === this.element;
  }

  say(text: string, urgent = false): void {
    const region = urgent ? this.#urgent : this.#polite;
    region.textContent = "";
    // Equal text is read again only after a change.
    setTimeout(() => (region.textContent = text), 30);
  }
}

type Child = Node | string | null | false | undefined;

/** An element with text; nothing here ever parses markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) if (child) element.append(child);
  return element;
}

export function button(text: string, kind: string, action: () => void): HTMLButtonElement {
  const element = h("button", { type: "button", class: kind }, text);
  // The caret stays in the composer when the mouse is used.
  element.addEventListener("mousedown", (event) => event.preventDefault());
  element.addEventListener("click", action);
  return element;
}
