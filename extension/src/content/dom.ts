/** Looking through shadow roots, closed ones included. */

export function shadowOf(element: Element): ShadowRoot | null {
  if (!(element instanceof HTMLElement)) return null;
  try {
    return chrome.dom.openOrClosedShadowRoot(element);
  } catch {
    return element.shadowRoot;
  }
}

/** The focused element itself, however deep. */
export function deepActive(): Element | null {
  let active = document.activeElement;
  for (;;) {
    const inner = active && shadowOf(active)?.activeElement;
    if (!inner) return active;
    active = inner;
  }
}

/** The element that an event really happened on; outside a closed root it names only the host. */
export function deepTarget(event: Event): Element | null {
  let target = (event.composedPath()[0] ?? event.target) as Element | null;
  if (!(target instanceof Element)) return null;
  for (;;) {
    const root = shadowOf(target);
    if (!root) return target;
    const { clientX = 0, clientY = 0, detail = 0 } = event as MouseEvent;
    // A click by keyboard has no place, but the focus.
    const inner: Element | null = detail === 0 && !clientX && !clientY ? root.activeElement : root.elementFromPoint(clientX, clientY);
    if (!inner || inner === target) return target;
    target = inner;
  }
}

export function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

export function rootOf(element: Element): Document | ShadowRoot {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root : document;
}

/** Like Element.closest, across shadow boundaries. */
export function closest(element: Element | null, selector: string): HTMLElement | null {
  for (let one = element; one; one = parentOf(one)) {
    if (safeMatches(one, selector)) return one as HTMLElement;
  }
  return null;
}

/** Selectors come from a data file: a wrong one must not stop everything else. */
export function safeMatches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}

export function safeQuery(root: ParentNode, selector: string): HTMLElement[] {
  try {
    return [...root.querySelectorAll<HTMLElement>(selector)];
  } catch {
    return [];
  }
}

export function visible(element: Element): boolean {
  return element.isConnected && element.checkVisibility({ visibilityProperty: true });
}
