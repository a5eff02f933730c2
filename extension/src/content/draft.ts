/** One composer while it is being written in: when to ask, which answer counts, what to paint. */

import type { Check, Finding, Turn } from "../client";
import { ask, type Failure, type Reply } from "../messages";
import { shifted } from "./answers";
import type { Composer } from "./composer";
import type { Underliner } from "./underline";

const DEBOUNCE_MS = 250;
const KEPT = 50;

export type State = "empty" | "pending" | "checked" | "failed";

export class Draft {
  state: State = "empty";
  error: Failure | null = null;
  /** Set while a send waits for the answer. */
  holding = false;
  findings: Finding[] = [];
  #text = "";
  #sequence = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #answers = new Map<string, Check>();
  readonly #warned = new Set<string>();

  constructor(
    readonly composer: Composer,
    private readonly underliner: Underliner,
    private readonly context: () => Turn[],
    private readonly marketplace: string,
    private readonly changed: (draft: Draft) => void,
  ) {}

  /** To be called whenever the text may have changed. */
  poke(): void {
    const text = this.composer.text();
    if (text === this.#text) return;
    this.findings = shifted(this.findings, this.#text, text);
    this.#text = text;
    clearTimeout(this.#timer);
    this.#sequence++;
    if (!text.trim()) {
      this.findings = [];
      this.#become("empty");
      return;
    }
    const known = this.answer(text);
    if (known) {
      this.#take(text, known);
      return;
    }
    this.#become("pending");
    this.#timer = setTimeout(() => void this.check(), DEBOUNCE_MS);
  }

  answer(text: string): Check | undefined {
    return this.#answers.get(this.#key(text));
  }

  /** True once the person could see the warnings of this text. */
  warned(text: string): boolean {
    return this.#warned.has(this.#key(text));
  }

  setWarned(text: string): void {
    this.#warned.add(this.#key(text));
  }

  /** Asks at once about the text as it is. */
  async check(): Promise<Reply<Check>> {
    clearTimeout(this.#timer);
    const text = this.composer.text();
    const context = this.context();
    const key = this.#key(text, context);
    const sequence = ++this.#sequence;
    this.#text = text;
    const known = this.#answers.get(key);
    const reply: Reply<Check> = known
      ? { ok: true, value: known }
      : await ask({ type: "check", text, context, marketplace: this.marketplace });
    if (reply.ok) this.#keep(key, reply.value);
    // Something newer is under way, or the text is no longer the one that was asked about.
    if (sequence !== this.#sequence || this.composer.text() !== text) return reply;
    if (reply.ok) this.#take(text, reply.value);
    else {
      this.error = reply.error;
      this.findings = [];
      this.#become("failed");
    }
    return reply;
  }

  /** Other settings: what was answered under the old ones does not count. */
  forget(): void {
    this.#answers.clear();
    this.#text = "";
    this.poke();
  }

  paint(): void {
    this.composer.sync();
    this.underliner.paint(
      this,
      this.findings.flatMap((finding) => {
        const { effect } = finding.verdict;
        if (effect === "allow") return [];
        const range = this.composer.range(finding.start_utf16, finding.end_utf16);
        return range ? [{ range, mark: effect }] : [];
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#sequence++;
    this.underliner.paint(this, []);
    this.composer.dispose();
  }

  #take(text: string, answer: Check): void {
    this.error = null;
    this.findings = answer.findings.filter(isWorthShowing);
    // A warning that comes while a send already waits has not been read yet.
    if (!this.holding) this.setWarned(text);
    this.#become("checked");
  }

  #become(state: State): void {
    this.state = state;
    this.paint();
    this.changed(this);
  }

  #keep(key: string, answer: Check): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    for (const old of this.#answers.keys()) {
      if (this.#answers.size <= KEPT) break;
      this.#answers.delete(old);
    }
  }

  #key(text: string, context: Turn[] = this.context()): string {
    return JSON.stringify([text, context]);
  }
}

function isWorthShowing(finding: Finding): boolean {
  const { effect } = finding.verdict;
  // What a seller states about the goods is of no consequence here unless a rule says so.
  return effect === "warn" || effect === "block" || (effect === "note" && finding.kind === "risk");
}
