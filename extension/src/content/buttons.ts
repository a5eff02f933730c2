/** Which button sends, and what it sends. */

import type { Adapter } from "../adapters";
import { closest, parentOf, rootOf, safeMatches, safeQuery, shadowOf, visible } from "./dom";

const BUTTON = "button,[role=button],input[type=submit],input[type=button],input[type=image]";
// In the languages of the marketplaces.
const SENDS =
  /(^|[^\p{L}])(send|submit|reply|post|kirim|balas|hantar|enviar|responder|envoyer|r\u00e9pondre|senden|antworten|invia|rispondi|verzenden|wy\u015blij|g\u1eedi|ipadala)([^\p{L}]|$)|\u53d1\u9001|\u767c\u9001|\u50b3\u9001|\u56de\u590d|\u56de\u8986|\u0e2a\u0e48\u0e07|\u9001\u4fe1|\ubcf4\ub0b4\uae30|\uc804\uc1a1|\u0625\u0631\u0633\u0627\u0644|\u0627\u0631\u0633\u0627\u0644/iu;
const CLIMB = 6;
const LONGEST_NAME = 40;

function name(element: Element): string {
  return [element.getAttribute("aria-label"), element.getAttribute("title"), element.getAttribute("value"), element.textContent]
    .filter((part): part is string => !!part && part.trim().length <= LONGEST_NAME)
    .join(" ");
}

/** The send button that an element is or lies in, or null. */
export function sendButtonAt(target: Element | null, adapter: Adapter): HTMLElement | null {
  if (adapter.send) return closest(target, adapter.send);
  const found = closest(target, BUTTON);
  return found && SENDS.test(name(found)) ? found : null;
}

function* scopes(element: Element): Generator<Element> {
  let scope: Element | null = parentOf(element);
  for (let step = 0; scope && step < CLIMB; step++, scope = parentOf(scope)) yield scope;
}

function within(scope: Element, selector: string): HTMLElement[] {
  const root = shadowOf(scope);
  return root ? [...safeQuery(root, selector), ...safeQuery(scope, selector)] : safeQuery(scope, selector);
}

/** The send button of a composer, or null. */
export function sendButtonOf(field: Element, adapter: Adapter): HTMLElement | null {
  if (adapter.send) {
    const roots = new Set<ParentNode>([rootOf(field), document]);
    for (const root of roots) {
      const found = safeQuery(root, adapter.send).find(visible);
      if (found) return found;
    }
    return null;
  }
  for (const scope of scopes(field)) {
    const found = within(scope, BUTTON).find((one) => SENDS.test(name(one)) && visible(one));
    if (found) return found;
  }
  return null;
}

/** The field with text that a send button belongs to, where nobody has typed yet. */
export function fieldNear(buttonElement: Element, adapter: Adapter, isComposer: (element: Element) => HTMLElement | null): HTMLElement | null {
  const selector = adapter.composer ?? "textarea,[contenteditable]:not([contenteditable=false])";
  for (const scope of scopes(buttonElement)) {
    for (const one of within(scope, selector)) {
      const field = isComposer(one);
      if (field && visible(field)) return field;
    }
  }
  return null;
}

/** True where button and field are close enough to be one form. */
export function together(buttonElement: Element, field: Element, adapter: Adapter): boolean {
  if (adapter.send) return true;
  if (safeMatches(field, "form *") && field.closest("form")?.contains(buttonElement)) return true;
  const around = new Set(scopes(field));
  for (const scope of scopes(buttonElement)) if (around.has(scope)) return true;
  return false;
}
