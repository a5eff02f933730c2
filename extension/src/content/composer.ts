/** A field in which the seller writes, whatever it is made of. */

import type { Adapter } from "../adapters";
import { closest, rootOf, safeMatches } from "./dom";
import { Mirror } from "./mirror";
import { offsetOf, rangeOf, textMap, type TextMap } from "./textmap";

export interface Composer {
  readonly element: HTMLElement;
  text(): string;
  /** A range that can be painted, or null. */
  range(start: number, end: number): Range | null;
  caret(): number;
  /** Replaces [start, end) as if it were typed, so that undo and the site's own state follow. */
  replace(start: number, end: number, text: string): boolean;
  /** Called before painting and whenever the page may have moved. */
  sync(): void;
  dispose(): void;
}

type Control = HTMLTextAreaElement | HTMLInputElement;

const NOT_CHAT = /search|filter|find|搜索|筛选/i;

/** The composer that an element is or lies in, or null. */
export function composerOf(element: Element | null, adapter: Adapter): HTMLElement | null {
  if (!(element instanceof HTMLElement)) return null;
  let field: HTMLElement | null = null;
  if (element.tagName === "TEXTAREA" || element.tagName === "INPUT") field = element;
  else if (element.isContentEditable) {
    field = element;
    while (field.parentElement?.isContentEditable) field = field.parentElement;
  }
  if (!field) return null;
  if (adapter.composer) {
    const chosen = closest(field, adapter.composer);
    // The selector may name a wrapper.
    return chosen && (chosen === field || chosen.contains(field) || rootOf(chosen) !== rootOf(field)) ? field : null;
  }
  if (field.tagName === "INPUT") return null;
  if (field.tagName === "TEXTAREA" && ((field as HTMLTextAreaElement).readOnly || (field as HTMLTextAreaElement).disabled)) return null;
  const described = `${field.getAttribute("role")} ${field.getAttribute("aria-label")} ${field.getAttribute("placeholder")}`;
  return NOT_CHAT.test(described) || safeMatches(field, "[role=search] *") ? null : field;
}

export function makeComposer(element: HTMLElement, layer: HTMLElement): Composer {
  return element.tagName === "TEXTAREA" || element.tagName === "INPUT"
    ? new ControlComposer(element as Control, layer)
    : new EditableComposer(element);
}

class ControlComposer implements Composer {
  #mirror: Mirror | undefined;

  constructor(
    readonly element: Control,
    private readonly layer: HTMLElement,
  ) {}

  text(): string {
    return this.element.value;
  }

  range(start: number, end: number): Range | null {
    const native = (this.element as Control & { createValueRange?: (start: number, end: number) => Range }).createValueRange;
    if (native) {
      try {
        return native.call(this.element, start, end);
      } catch {
        // Not for this kind of field; the mirror serves all.
      }
    }
    this.#mirror ??= new Mirror(this.element, this.layer);
    return this.#mirror.range(start, end);
  }

  caret(): number {
    return this.element.selectionStart ?? 0;
  }

  replace(start: number, end: number, text: string): boolean {
    this.element.focus({ preventScroll: true });
    this.element.setSelectionRange(start, end);
    return type(this.element, text);
  }

  sync(): void {
    this.#mirror?.sync();
  }

  dispose(): void {
    this.#mirror?.dispose();
    this.#mirror = undefined;
  }
}

class EditableComposer implements Composer {
  constructor(readonly element: HTMLElement) {}

  #map(): TextMap {
    return textMap(this.element);
  }

  text(): string {
    return this.#map().text;
  }

  range(start: number, end: number): Range | null {
    return rangeOf(this.#map(), start, end);
  }

  caret(): number {
    const selection = this.#selection();
    if (!selection?.focusNode || !this.element.contains(selection.focusNode)) return 0;
    return offsetOf(this.#map(), selection.focusNode, selection.focusOffset);
  }

  replace(start: number, end: number, text: string): boolean {
    this.element.focus({ preventScroll: true });
    const range = this.range(start, end);
    const selection = this.#selection();
    if (!range || !selection) return false;
    selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
    return type(this.element, text);
  }

  sync(): void {}

  dispose(): void {}

  #selection(): Selection | null {
    const root = rootOf(this.element) as (Document | ShadowRoot) & { getSelection?: () => Selection | null };
    return root.getSelection?.() ?? document.getSelection();
  }
}

/** execCommand is deprecated, yet the only way that keeps the undo history and fires what frameworks listen to. */
function type(element: HTMLElement, text: string): boolean {
  return element.ownerDocument.execCommand("insertText", false, text);
}
