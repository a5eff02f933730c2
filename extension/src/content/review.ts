/** What the cards say. */

import type { Check, Confidence, Effect, Finding, Locale, Source, Worth } from "../client";
import { labelName, t, type Key } from "../i18n";
import type { CardContent } from "./card";
import { button, h } from "./host";

const EFFECT: Record<Exclude<Effect, "allow">, Key> = { block: "effect_block", warn: "effect_warn", note: "effect_note" };
const CONFIDENCE: Record<Confidence, Key> = {
  official: "confidence_official",
  reported: "confidence_reported",
  unverified: "confidence_unverified",
};
const WORTH: Record<Worth, Key> = {
  counts: "worth_counts",
  needs_support: "worth_needs_support",
  does_not_count: "worth_does_not_count",
  unknown: "worth_unknown",
};

function source(locale: Locale, of: Source, confidence: Confidence): HTMLElement {
  const where: Node | string = /^https?:\/\//i.test(of.address)
    ? h("a", { href: of.address, target: "_blank", rel: "noopener noreferrer" }, of.title)
    : of.title;
  return h("p", { class: "source" }, where, ` (${t(locale, CONFIDENCE[confidence])}, ${t(locale, "seen_on", of.seen)})`);
}

export interface FindingActions {
  replace(finding: Finding, text: string): void;
  /** Left out where the service's pages cannot be opened. */
  rulePage: ((rule: string) => void) | null;
  move(step: number): void;
}

export function findingCard(locale: Locale, findings: Finding[], at: number, actions: FindingActions): CardContent | null {
  const finding = findings[at];
  if (!finding || finding.verdict.effect === "allow") return null;
  const { verdict } = finding;
  const effect = finding.verdict.effect;
  const fixes = finding.suggestions.map((text) => {
    const fix = button(text, "fix", () => actions.replace(finding, text));
    fix.setAttribute("aria-label", t(locale, "replace_with", text));
    return fix;
  });
  const row = h("div", { class: "row" });
  if (findings.length > 1) {
    row.append(
      button(t(locale, "previous"), "plain", () => actions.move(-1)),
      h("span", { class: "soft" }, t(locale, "position", at + 1, findings.length)),
      button(t(locale, "next"), "plain", () => actions.move(1)),
    );
  }
  const open = actions.rulePage;
  if (open) row.append(button(t(locale, "about_rule"), "plain", () => open(finding.rule)));
  return {
    title: labelName(locale, finding.label),
    badge: { text: t(locale, EFFECT[effect]), kind: effect },
    closeLabel: t(locale, "close"),
    ...(fixes[0] && { first: fixes[0] }),
    body: [
      h("p", { class: "quote" }, finding.quote),
      h("p", { class: "explanation" }, finding.unsure ? `${finding.explanation} ${t(locale, "unsure")}` : finding.explanation),
      h("h3", {}, t(locale, "reason")),
      h("p", { class: "reason" }, verdict.reason),
      h("h3", {}, t(locale, "source")),
      source(locale, verdict.source, verdict.confidence),
      ...(verdict.note ? [h("p", { class: "soft" }, verdict.note)] : []),
      ...(fixes.length ? [h("h3", {}, t(locale, "better")), h("ul", {}, ...fixes.map((fix) => h("li", {}, fix)))] : []),
      ...(row.childNodes.length ? [row] : []),
    ],
  };
}

/** True where every rule that stops the message leaves the last word to the person. */
export function mayOverride(answer: Check): boolean {
  const stopping = answer.findings.filter((finding) => finding.verdict.effect === "block");
  return stopping.length > 0 && stopping.every((finding) => finding.verdict.overridable);
}

const SHORTEST_REASON = 3;

/** The part of a card that lets a held message go: with a reason, or not at all. */
export function overridePart(locale: Locale, answer: Check, send: (reason: string) => void): Node[] {
  if (!mayOverride(answer)) return [h("p", { class: "held soft" }, t(locale, "no_override"))];
  const input = h("input", { id: "reason", type: "text", maxlength: "300", autocomplete: "off" });
  const go = button(t(locale, "send_anyway"), "main", () => send(input.value.trim()));
  go.disabled = true;
  input.addEventListener("input", () => (go.disabled = input.value.trim().length < SHORTEST_REASON));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && !go.disabled) go.click();
  });
  return [h("div", { class: "held" }, h("label", { for: "reason" }, t(locale, "override_reason")), input, h("div", { class: "row" }, go))];
}

export function sendPart(locale: Locale, send: () => void): Node[] {
  return [h("div", { class: "held row" }, button(t(locale, "send_after_warning"), "main", send))];
}

export function unreachableCard(locale: Locale, detail: string, closed: boolean, again: () => void): CardContent {
  const retry = button(t(locale, "try_again"), "main", again);
  return {
    title: t(locale, "offline_title"),
    badge: { text: t(locale, closed ? "effect_block" : "effect_note"), kind: closed ? "block" : "warn" },
    closeLabel: t(locale, "close"),
    first: retry,
    body: [
      h("p", {}, t(locale, closed ? "offline_closed" : "offline_open")),
      ...(detail ? [h("p", { class: "soft" }, detail)] : []),
      h("div", { class: "row" }, retry),
    ],
  };
}

export function goneCard(locale: Locale): CardContent {
  return {
    title: t(locale, "gone_title"),
    closeLabel: t(locale, "close"),
    body: [h("p", {}, t(locale, "gone"))],
  };
}

export interface Marked {
  finding: Finding;
  counts: Worth;
  taints: string[];
}

export function statementsCard(locale: Locale, marked: Marked[]): CardContent {
  return {
    title: t(locale, "statements_title"),
    badge: { text: t(locale, "buyer"), kind: "statement" },
    closeLabel: t(locale, "close"),
    body: marked.flatMap(({ finding, counts, taints }) => {
      const worth = finding.admissibility;
      return [
        h("h3", {}, `${labelName(locale, finding.label)}: ${t(locale, WORTH[counts])}`),
        h("p", { class: "quote" }, finding.quote),
        ...(worth?.reason ? [h("p", { class: "reason" }, worth.reason)] : []),
        ...(worth?.helps_with ? [h("p", {}, t(locale, "helps_with", worth.helps_with))] : []),
        ...(worth?.does_not_help_with ? [h("p", {}, t(locale, "does_not_help_with", worth.does_not_help_with))] : []),
        ...(taints.length ? [h("p", { class: "soft" }, t(locale, "taints", taints.join(", ")))] : []),
        ...(worth ? [source(locale, worth.source, worth.confidence)] : []),
      ];
    }),
  };
}
