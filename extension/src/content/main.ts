/** The content script: puts composer, underlines, card, hold and buyer messages of one frame together. */

import { adapterFor } from "../adapters";
import type { Check, Effect, Finding } from "../client";
import { t } from "../i18n";
import { ask, type Failure, type SettingsChanged } from "../messages";
import type { PublicSettings } from "../settings";
import { BuyerMessages } from "./buyer";
import { Card, type CardContent } from "./card";
import { composerOf, makeComposer } from "./composer";
import { deepActive } from "./dom";
import { Draft } from "./draft";
import { Hold } from "./hold";
import { Host } from "./host";
import { Pills } from "./pills";
import { findingCard, goneCard, overridePart, sendPart, statementsCard, unreachableCard } from "./review";
import { Underliner } from "./underline";

const TICK_MS = 400;
const NOTICE_MS = 8000;
const WEIGHT: Record<Effect, number> = { allow: 0, note: 1, warn: 2, block: 3 };

/** A frame without an address of its own belongs to the page that made it. */
function pageAddress(): string {
  if (/^https?:/.test(location.href)) return location.href;
  try {
    return parent.location.href;
  } catch {
    return document.referrer || `${location.ancestorOrigins[0] ?? ""}/`;
  }
}

class Assistant {
  readonly #adapter = adapterFor(pageAddress());
  readonly #host = new Host();
  readonly #card = new Card(this.#host);
  readonly #pills = new Pills(this.#host);
  readonly #underliner = new Underliner();
  readonly #drafts = new WeakMap<HTMLElement, Draft>();
  readonly #buyer = new BuyerMessages(this.#adapter, this.#underliner, () => this.#showStatements());
  // Until the choice of the person is known, nothing is let through unchecked.
  #settings: PublicSettings = { locale: navigator.language.startsWith("zh") ? "zh" : "en", fail: "closed", rulePages: false };
  #current: Draft | null = null;
  #heldText: string | null = null;
  #composing = false;
  #notice: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    void this.#loadSettings();
    chrome.runtime.onMessage.addListener((message: SettingsChanged) => {
      if (message.type === "settings-changed") void this.#loadSettings(true);
    });
    new Hold(this.#adapter, {
      draftOf: (field) => this.#track(field),
      current: () => this.#current,
      isOurs: (target) => this.#host.holds(target),
      failOpen: () => this.#settings.fail === "open",
      waiting: (draft, waits) => this.#showWaiting(draft, waits),
      blocked: (draft, answer, letGo) => this.#showBlocked(draft, answer, letGo),
      warned: (draft, letGo) => this.#showWarned(draft, letGo),
      unchecked: (draft, error, retry) => this.#showUnchecked(draft, error, retry),
      sentUnchecked: (draft, error) => this.#showSentUnchecked(draft, error),
      changedMeanwhile: (draft) => this.#notify(draft, t(this.#locale, "changed_meanwhile")),
    });
    addEventListener("compositionstart", () => (this.#composing = true), true);
    addEventListener("compositionend", () => (this.#composing = false), true);
    for (const type of ["focusin", "input", "compositionend"]) addEventListener(type, (event) => this.#edited(event), true);
    addEventListener("keydown", (event) => this.#shortcut(event), true);
    addEventListener("click", (event) => this.#clicked(event), true);
    for (const type of ["scroll", "resize"]) addEventListener(type, () => this.#place(), { capture: true, passive: true });
    // Sites clear and fill the field by script, which fires no event.
    setInterval(() => this.#tick(), TICK_MS);
  }

  get #locale(): PublicSettings["locale"] {
    return this.#settings.locale;
  }

  async #loadSettings(again = false): Promise<void> {
    const reply = await ask({ type: "settings" });
    if (reply.ok) this.#settings = reply.value;
    if (!again) return;
    this.#current?.forget();
    this.#buyer.forget();
  }

  #track(field: HTMLElement): Draft {
    let draft = this.#drafts.get(field);
    if (!draft) {
      this.#host.attach(field);
      draft = new Draft(
        makeComposer(field, this.#host.layer),
        this.#underliner,
        () => this.#buyer.context(),
        this.#adapter.marketplace ?? "",
        (changed) => this.#showState(changed),
      );
      this.#drafts.set(field, draft);
    }
    if (this.#current !== draft) {
      this.#current = draft;
      this.#buyer.near(field);
    }
    return draft;
  }

  #edited(event: Event): void {
    if (this.#host.holds(event.target)) return;
    const field = composerOf(deepActive(), this.#adapter);
    if (!field) return;
    const draft = this.#track(field);
    // What an input method is still putting together is not text yet.
    if (!(event instanceof InputEvent && event.isComposing)) draft.poke();
  }

  #tick(): void {
    const draft = this.#current;
    if (!draft) return;
    if (!draft.composer.element.isConnected) {
      draft.dispose();
      this.#drafts.delete(draft.composer.element);
      this.#current = null;
      this.#pills.set("state", null, null);
      if (this.#card.isOpen) this.#card.close();
      return;
    }
    if (this.#heldText !== null && draft.composer.text() !== this.#heldText && this.#card.isOpen) this.#card.close();
    if (!this.#composing) draft.poke();
    if (draft.findings.length) draft.paint();
    this.#place();
  }

  #place(): void {
    this.#current?.composer.sync();
    this.#pills.place();
    this.#card.place();
  }

  #anchor(draft: Draft, finding?: Finding): () => DOMRect | null {
    return () => {
      const range = finding && draft.composer.range(finding.start_utf16, finding.end_utf16);
      const rect = range?.getBoundingClientRect();
      return rect?.width ? rect : draft.composer.element.getBoundingClientRect();
    };
  }

  #open(draft: Draft | null, content: CardContent, anchor: () => DOMRect | null, focus: boolean): void {
    this.#host.attach(draft?.composer.element ?? null);
    this.#card.open(content, anchor, {
      focus,
      closed: (hadFocus) => {
        this.#heldText = null;
        if (hadFocus) draft?.composer.element.focus({ preventScroll: true });
      },
    });
  }

  #showFinding(draft: Draft, at: number, focus: boolean, extra: Node[] = []): void {
    const findings = draft.findings;
    const content = findingCard(this.#locale, findings, at, {
      replace: (finding, text) => this.#replace(draft, finding, text),
      rulePage: this.#settings.rulePages ? (rule) => void ask({ type: "rule", rule }) : null,
      move: (step) => this.#showFinding(draft, (at + step + findings.length) % findings.length, true, extra),
    });
    if (!content) return;
    content.body.push(...extra);
    this.#open(draft, content, this.#anchor(draft, findings[at]), focus);
  }

  #replace(draft: Draft, finding: Finding, text: string): void {
    // The text may have moved on since the card was drawn.
    const now = draft.findings.find((one) => one.rule === finding.rule && one.quote === finding.quote);
    this.#card.close();
    if (now && draft.composer.replace(now.start_utf16, now.end_utf16, text)) {
      draft.poke();
      this.#host.say(t(this.#locale, "replaced"));
    }
  }

  #worst(draft: Draft): number {
    let worst = 0;
    draft.findings.forEach((one, at) => {
      if (WEIGHT[one.verdict.effect] > WEIGHT[draft.findings[worst]?.verdict.effect ?? "allow"]) worst = at;
    });
    return worst;
  }

  #showState(draft: Draft): void {
    if (draft !== this.#current || draft.holding) return;
    const field = draft.composer.element;
    if (draft.state === "failed") {
      this.#pills.set(
        "state",
        { text: t(this.#locale, draft.error?.kind === "gone" ? "gone_title" : "offline_title"), kind: "offline", action: () => this.#explainFailure(draft) },
        field,
      );
      return;
    }
    if (draft.state === "pending" && draft.findings.length === 0) return;
    const worst = draft.findings[this.#worst(draft)];
    if (draft.state === "empty" || !worst) {
      this.#pills.set("state", null, field);
      if (this.#card.isOpen && this.#heldText === null && !this.#card.hasFocus) this.#card.close();
      return;
    }
    const { effect } = worst.verdict;
    const summary = t(this.#locale, effect === "block" ? "summary_block" : effect === "warn" ? "summary_warn" : "summary_note", draft.findings.length);
    this.#pills.set("state", { text: summary, kind: effect, action: () => this.#showFinding(draft, this.#worst(draft), false) }, field);
    if (draft.state === "checked") this.#host.say(`${summary} ${t(this.#locale, "how_to_read")}`);
  }

  #explainFailure(draft: Draft): void {
    const { error } = draft;
    if (!error) return;
    this.#open(draft, this.#failureCard(error, () => void draft.check().then(() => this.#card.close())), this.#anchor(draft), false);
  }

  #failureCard(error: Failure, retry: () => void): CardContent {
    return error.kind === "gone" ? goneCard(this.#locale) : unreachableCard(this.#locale, error.detail, this.#settings.fail === "closed", retry);
  }

  #showWaiting(draft: Draft, waits: boolean): void {
    if (waits) this.#pills.set("state", { text: t(this.#locale, "checking"), kind: "wait", action: () => undefined }, draft.composer.element);
    else this.#pills.set("state", null, draft.composer.element);
    if (!waits) this.#showState(draft);
  }

  #held(draft: Draft): void {
    this.#heldText = draft.composer.text();
    this.#host.say(t(this.#locale, "held"), true);
  }

  #showBlocked(draft: Draft, answer: Check, letGo: () => void): void {
    // The answer may come from the store while the screen still shows an older one.
    draft.poke();
    const extra = overridePart(this.#locale, answer, (reason) => {
      const rules = answer.findings.filter((one) => one.verdict.effect === "block").map((one) => one.verdict.rule);
      void ask({ type: "override", rules, reason });
      this.#card.close();
      letGo();
    });
    this.#showFinding(draft, this.#worst(draft), true, extra);
    this.#held(draft);
  }

  #showWarned(draft: Draft, letGo: () => void): void {
    const extra = sendPart(this.#locale, () => {
      this.#card.close();
      letGo();
    });
    this.#showFinding(draft, this.#worst(draft), true, extra);
    draft.setWarned(draft.composer.text());
    this.#held(draft);
  }

  #showUnchecked(draft: Draft, error: Failure, retry: () => void): void {
    const again = (): void => {
      this.#card.close();
      retry();
    };
    this.#open(draft, this.#failureCard(error, again), this.#anchor(draft), true);
    this.#held(draft);
  }

  #showSentUnchecked(draft: Draft, error: Failure): void {
    this.#notify(draft, t(this.#locale, error.kind === "gone" ? "gone_title" : "sent_unchecked"), "offline");
  }

  #notify(draft: Draft, text: string, kind = "warn"): void {
    clearTimeout(this.#notice);
    const away = (): void => this.#pills.set("notice", null);
    this.#pills.set("notice", { text, kind, action: away }, draft.composer.element);
    this.#notice = setTimeout(away, NOTICE_MS);
    this.#host.say(text, true);
  }

  #showStatements(): void {
    const { marked } = this.#buyer;
    if (!marked.length) {
      this.#pills.set("statements", null);
      return;
    }
    this.#pills.set("statements", {
      text: t(this.#locale, "statements", marked.length),
      kind: "statement",
      action: () => this.#openStatements(),
    });
  }

  #openStatements(): void {
    this.#open(this.#current, statementsCard(this.#locale, this.#buyer.marked), () => this.#pills.rect("statements"), true);
  }

  #shortcut(event: KeyboardEvent): void {
    if (event.isComposing || this.#host.holds(event.target)) return;
    const draft = this.#current;
    if (event.key === "Escape" && this.#card.isOpen) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#card.close();
    } else if (event.key === "ArrowDown" && event.altKey && !event.ctrlKey && !event.metaKey && draft?.findings.length) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const caret = draft.composer.caret();
      const at = draft.findings.findIndex((one) => one.end_utf16 >= caret);
      this.#showFinding(draft, Math.max(at, 0), true);
    }
  }

  #clicked(event: MouseEvent): void {
    if (this.#host.holds(event.target) || !event.isTrusted) return;
    const draft = this.#current;
    const hit = draft && this.#underliner.hit(draft, event.clientX, event.clientY);
    if (hit) {
      const { x, y } = { x: event.clientX, y: event.clientY };
      const at = draft.findings.findIndex((one) => {
        const range = draft.composer.range(one.start_utf16, one.end_utf16);
        return [...(range?.getClientRects() ?? [])].some((r) => x >= r.left && x <= r.right && y >= r.top - 2 && y <= r.bottom + 4);
      });
      if (at >= 0) this.#showFinding(draft, at, false);
    } else if (this.#buyer.hit(event.clientX, event.clientY)) {
      this.#openStatements();
    } else if (this.#card.isOpen) {
      this.#card.close();
    }
  }
}

// Frames for advertisements and the like hold no chat; a missing API means a browser too old to paint.
if (document.documentElement instanceof HTMLElement && "highlights" in CSS) {
  new Assistant();
}
