/** What content scripts ask of the worker, and its answers. */

import type { Check, Screened, Speaker, Turn } from "./client";
import type { PublicSettings } from "./settings";

export type Request =
  | { type: "check"; text: string; context: Turn[]; marketplace: string }
  | { type: "screen"; messages: { id: string; speaker: Speaker; text: string }[]; marketplace: string }
  | { type: "settings" }
  | { type: "rule"; rule: string }
  | { type: "override"; rules: string[]; reason: string };

/** `unreachable`: nobody answers; `refused`: an answer, but no; `gone`: the extension was updated under the page. */
export interface Failure {
  kind: "unreachable" | "refused" | "gone";
  detail: string;
}

export type Reply<T> = { ok: true; value: T } | { ok: false; error: Failure };

export interface Replies {
  check: Check;
  screen: Screened;
  settings: PublicSettings;
  rule: null;
  override: null;
}

/** Sent by the worker to all pages. */
export interface SettingsChanged {
  type: "settings-changed";
}

/** One deliberate "send anyway": which rules and why, never the text. */
export interface Override {
  at: string;
  host: string;
  rules: string[];
  reason: string;
}

const LIMIT_MS = 7000;

export async function ask<R extends Request>(request: R): Promise<Reply<Replies[R["type"]]>> {
  try {
    const answer = await Promise.race([
      chrome.runtime.sendMessage(request) as Promise<Reply<Replies[R["type"]]> | undefined>,
      new Promise<undefined>((resolve) => setTimeout(resolve, LIMIT_MS)),
    ]);
    return answer ?? { ok: false, error: { kind: "unreachable", detail: "" } };
  } catch {
    return { ok: false, error: { kind: "gone", detail: "" } };
  }
}
