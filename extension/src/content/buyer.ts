/** Reads the conversation on the page, where the adapter says what it is, and marks what the buyer has stated. */

import type { Adapter } from "../adapters";
import type { Finding, Screened, Speaker, Turn } from "../client";
import { ask } from "../messages";
import { safeMatches, safeQuery, rootOf } from "./dom";
import type { Marked } from "./review";
import { rangeOf, textMap } from "./textmap";
import type { Painted, Underliner } from "./underline";

const STATEMENTS = new Set(["no_defect", "change_of_mind", "used", "received"]);
const SETTLE_MS = 600;
const MOST_MESSAGES = 200;
const LONGEST = 5000;
const CONTEXT = 3;

interface PageMessage {
  id: string;
  element: HTMLElement;
  speaker: Speaker;
  text: string;
}

export class BuyerMessages {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = "";
  #screened: Screened | null = null;
  #sequence = 0;
  #turns: Turn[] = [];
  #field: Element | null = null;
  readonly #watched = new WeakSet<Node>();
  marked: Marked[] = [];

  constructor(
    private readonly adapter: Adapter,
    private readonly underliner: Underliner,
    private readonly changed: () => void,
  ) {
    if (!adapter.buyerMessage) return;
    this.#watch(document);
  }

  /** The last messages before the draft. */
  context(): Turn[] {
    return this.#turns;
  }

  /** Messages may lie in the same shadow root as the composer. */
  near(field: Element): void {
    this.#field = field;
    if (this.adapter.buyerMessage) this.#watch(rootOf(field));
  }

  forget(): void {
    this.#asked = "";
    this.#soon();
  }

  hit(x: number, y: number): boolean {
    return this.underliner.hit(this, x, y) !== undefined;
  }

  #watch(root: Document | ShadowRoot): void {
    if (this.#watched.has(root)) return;
    this.#watched.add(root);
    new MutationObserver(() => this.#soon()).observe(root, { childList: true, subtree: true, characterData: true });
    this.#soon();
  }

  #soon(): void {
    // Not put off by each change: a page that never rests would never be read.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#read();
    }, SETTLE_MS);
  }

  #messages(): PageMessage[] {
    const { buyerMessage = "", sellerMessage = "" } = this.adapter;
    const selector = sellerMessage ? `${buyerMessage},${sellerMessage}` : buyerMessage;
    const roots = new Set<Document | ShadowRoot>([document]);
    if (this.#field?.isConnected) roots.add(rootOf(this.#field));
    const found: PageMessage[] = [];
    for (const root of roots) {
      for (const element of safeQuery(root, selector)) {
        const { text } = textMap(element);
        if (!text.trim() || text.length > LONGEST) continue;
        found.push({ id: "", element, speaker: safeMatches(element, buyerMessage) ? "buyer" : "seller", text });
      }
    }
    return found.slice(-MOST_MESSAGES).map((one, at) => ({ ...one, id: String(at) }));
  }

  async #read(): Promise<void> {
    const messages = this.#messages();
    this.#turns = messages.slice(-CONTEXT).map(({ speaker, text }) => ({ speaker, text }));
    const asked = JSON.stringify(messages.map(({ speaker, text }) => [speaker, text]));
    if (!messages.some(({ speaker }) => speaker === "buyer")) {
      this.#mark([], []);
      return;
    }
    // The same words again are painted again: the site may have drawn its list anew.
    if (asked !== this.#asked) {
      const sequence = ++this.#sequence;
      const reply = await ask({
        type: "screen",
        messages: messages.map(({ id, speaker, text }) => ({ id, speaker, text })),
        marketplace: this.adapter.marketplace ?? "",
      });
      if (sequence !== this.#sequence || !reply.ok) return;
      this.#asked = asked;
      this.#screened = reply.value;
    }
    if (this.#screened) this.#show(messages, this.#screened);
  }

  #show(messages: PageMessage[], screened: Screened): void {
    const painted: Painted[] = [];
    const marked: Marked[] = [];
    const seen = new Set<Finding>();
    for (const statement of screened.statements) {
      if (statement.state !== "standing" || !STATEMENTS.has(statement.label)) continue;
      const message = messages.find(({ id }) => id === statement.message_id);
      const answer = screened.messages.find(({ id }) => id === statement.message_id);
      if (!message || message.speaker !== "buyer") continue;
      for (const finding of answer?.findings ?? []) {
        if (finding.label !== statement.label || seen.has(finding)) continue;
        seen.add(finding);
        const map = textMap(message.element);
        const range = map.text === message.text ? rangeOf(map, finding.start_utf16, finding.end_utf16) : null;
        if (range) painted.push({ range, mark: "statement" });
        marked.push({ finding, counts: statement.counts, taints: statement.taints });
      }
    }
    this.#mark(painted, marked);
  }

  #mark(painted: Painted[], marked: Marked[]): void {
    this.marked = marked;
    this.underliner.paint(this, painted);
    this.changed();
  }
}
