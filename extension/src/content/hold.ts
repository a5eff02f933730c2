/** Holds Enter and the send button until the text may go, and then sends it the way the site does. */

import type { Adapter } from "../adapters";
import type { Check } from "../client";
import type { Failure } from "../messages";
import { fieldNear, sendButtonAt, sendButtonOf, together } from "./buttons";
import { composerOf } from "./composer";
import { deepActive, deepTarget } from "./dom";
import type { Draft } from "./draft";

type Way =
  | { by: "enter"; ctrl: boolean; meta: boolean }
  | { by: "button"; button: HTMLElement }
  | { by: "form"; form: HTMLFormElement; submitter: HTMLElement | null };

export interface HoldEvents {
  /** The draft of a field; null where the extension has no business. */
  draftOf(field: HTMLElement): Draft;
  current(): Draft | null;
  isOurs(target: EventTarget | null): boolean;
  failOpen(): boolean;
  waiting(draft: Draft, waits: boolean): void;
  blocked(draft: Draft, answer: Check, letGo: () => void): void;
  warned(draft: Draft, letGo: () => void): void;
  unchecked(draft: Draft, error: Failure, retry: () => void): void;
  sentUnchecked(draft: Draft, error: Failure): void;
  changedMeanwhile(draft: Draft): void;
}

/** How long a decision to let a text go holds: sites send in several steps, some of them later. */
const PASS_MS = 2000;
const BUTTON_EVENTS = ["pointerdown", "mousedown", "touchstart", "pointerup", "mouseup", "touchend", "click"] as const;

export class Hold {
  #releasing = false;
  #pass: { text: string; until: number } | null = null;
  #gestureHeld = false;
  #enterHeld = false;

  constructor(
    private readonly adapter: Adapter,
    private readonly events: HoldEvents,
  ) {
    // On window and in the capture phase: before anything of the page, since content scripts start first.
    addEventListener("keydown", (event) => this.#keyDown(event), true);
    addEventListener("keypress", (event) => this.#keyAfter(event), true);
    addEventListener("keyup", (event) => this.#keyAfter(event), true);
    for (const type of BUTTON_EVENTS) addEventListener(type, (event) => this.#pointer(event), { capture: true, passive: false });
    addEventListener("submit", (event) => this.#submit(event), true);
  }

  #sends(event: KeyboardEvent): boolean {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return false;
    const key = event.ctrlKey ? "Ctrl+Enter" : event.metaKey ? "Meta+Enter" : "Enter";
    return (this.adapter.sendKeys ?? ["Enter", "Ctrl+Enter", "Meta+Enter"]).includes(key);
  }

  #keyDown(event: KeyboardEvent): void {
    // Enter that ends a composition belongs to the input method.
    if (this.#releasing || event.isComposing || event.keyCode === 229 || this.events.isOurs(event.target) || !this.#sends(event)) return;
    const field = composerOf(deepActive(), this.adapter);
    if (!field) return;
    const draft = this.events.draftOf(field);
    if (this.#mayGo(draft)) return;
    stop(event);
    this.#enterHeld = true;
    if (!event.repeat) void this.#decide(draft, { by: "enter", ctrl: event.ctrlKey, meta: event.metaKey });
  }

  #keyAfter(event: KeyboardEvent): void {
    if (this.#releasing || event.key !== "Enter" || !this.#enterHeld) return;
    // Some sites send on the way up.
    if (!this.events.isOurs(event.target)) stop(event);
    if (event.type === "keyup") this.#enterHeld = false;
  }

  #pointer(event: Event): void {
    if (this.#releasing || this.events.isOurs(event.target)) return;
    const target = deepTarget(event);
    const button = sendButtonAt(target, this.adapter);
    if (!button) return;
    const draft = this.#draftOf(button);
    if (!draft) return;
    const last = event.type === "click";
    // A gesture that was held at its start is held to its end, and then sent as a whole.
    if (!this.#gestureHeld && this.#mayGo(draft)) return;
    stop(event, last || event.type === "mousedown" || event.type === "touchstart");
    // A touch whose start is prevented makes no click.
    const asClick = last || event.type === "touchend";
    this.#gestureHeld = !asClick;
    if (asClick) void this.#decide(draft, { by: "button", button });
  }

  #submit(event: SubmitEvent): void {
    if (this.#releasing || !(event.target instanceof HTMLFormElement)) return;
    const form = event.target;
    const draft = this.events.current();
    if (!draft || !form.contains(draft.composer.element) || this.#mayGo(draft)) return;
    stop(event);
    void this.#decide(draft, { by: "form", form, submitter: event.submitter });
  }

  #draftOf(button: HTMLElement): Draft | null {
    const current = this.events.current();
    if (current?.composer.element.isConnected && together(button, current.composer.element, this.adapter)) return current;
    const field = fieldNear(button, this.adapter, (element) => composerOf(element, this.adapter));
    return field && this.events.draftOf(field);
  }

  #mayGo(draft: Draft): boolean {
    const text = draft.composer.text();
    if (!text.trim()) return true;
    if (this.#pass?.text === text && Date.now() < this.#pass.until) return true;
    const answer = draft.answer(text);
    if (!answer || answer.verdict === "block") return false;
    return answer.verdict !== "warn" || draft.warned(text);
  }

  async #decide(draft: Draft, way: Way): Promise<void> {
    if (draft.holding) return;
    const text = draft.composer.text();
    let answer = draft.answer(text);
    if (!answer) {
      draft.holding = true;
      this.events.waiting(draft, true);
      const reply = await draft.check();
      draft.holding = false;
      this.events.waiting(draft, false);
      if (draft.composer.text() !== text) {
        this.events.changedMeanwhile(draft);
        return;
      }
      if (!reply.ok) {
        if (this.events.failOpen()) {
          this.#letGo(draft, way, text);
          this.events.sentUnchecked(draft, reply.error);
        } else {
          this.events.unchecked(draft, reply.error, () => void this.#decide(draft, way));
        }
        return;
      }
      answer = reply.value;
    }
    const letGo = (): void => {
      // The person agreed to this text and no other.
      if (draft.composer.text() === text) this.#letGo(draft, way, text);
      else this.events.changedMeanwhile(draft);
    };
    if (answer.verdict === "block") this.events.blocked(draft, answer, letGo);
    else if (answer.verdict === "warn" && !draft.warned(text)) {
      this.events.warned(draft, () => {
        draft.setWarned(text);
        letGo();
      });
    } else letGo();
  }

  #letGo(draft: Draft, way: Way, text: string): void {
    this.#pass = { text, until: Date.now() + PASS_MS };
    const field = draft.composer.element;
    this.#releasing = true;
    try {
      const button = way.by === "button" ? way.button : way.by === "enter" ? sendButtonOf(field, this.adapter) : null;
      if (way.by === "form") way.form.requestSubmit(way.submitter);
      else if (button?.isConnected && !isDisabled(button)) press(button);
      else if (way.by === "enter") enter(draft, way, text);
    } finally {
      this.#releasing = false;
    }
  }
}

function stop(event: Event, prevent = true): void {
  event.stopImmediatePropagation();
  if (prevent && event.cancelable) event.preventDefault();
}

function isDisabled(button: HTMLElement): boolean {
  return button.matches(":disabled,[aria-disabled=true]");
}

/** Some sites act on the press, some on the release, most on the click. */
function press(button: HTMLElement): void {
  const rect = button.getBoundingClientRect();
  const at: PointerEventInit = {
    bubbles: true, cancelable: true, composed: true, button: 0, detail: 1,
    clientX: rect.left + rect.width / 2, clientY: rect.top + rect.height / 2,
  };
  button.dispatchEvent(new PointerEvent("pointerdown", { ...at, buttons: 1, pointerType: "mouse", isPrimary: true }));
  button.dispatchEvent(new MouseEvent("mousedown", { ...at, buttons: 1 }));
  button.dispatchEvent(new PointerEvent("pointerup", { ...at, pointerType: "mouse", isPrimary: true }));
  button.dispatchEvent(new MouseEvent("mouseup", at));
  button.click();
}

function enter(draft: Draft, way: { ctrl: boolean; meta: boolean }, text: string): void {
  const field = draft.composer.element;
  field.focus({ preventScroll: true });
  const init: KeyboardEventInit = {
    key: "Enter", code: "Enter", keyCode: 13, which: 13, bubbles: true, cancelable: true, composed: true,
    ctrlKey: way.ctrl, metaKey: way.meta,
  };
  const free = field.dispatchEvent(new KeyboardEvent("keydown", init)) && field.dispatchEvent(new KeyboardEvent("keypress", init));
  field.dispatchEvent(new KeyboardEvent("keyup", init));
  // Nobody took it: then Enter means what the browser makes of it, which a synthetic key does not bring about.
  if (!free || way.ctrl || way.meta || draft.composer.text() !== text || !field.isConnected) return;
  if (field instanceof HTMLInputElement) field.form?.requestSubmit();
  else if (field instanceof HTMLTextAreaElement) document.execCommand("insertText", false, "\n");
  else document.execCommand("insertParagraph");
}
