/** The service worker: the only part that talks to the service and the only one that sees the key. */

import { type Check, type DraftIn, ScreenerClient, ScreenerProblem, type Screened } from "./client";
import type { Failure, Override, Replies, Reply, Request, SettingsChanged } from "./messages";
import { load, localeOf, publicView, serverProblem, type Settings } from "./settings";

const KEPT_MS = 60_000;
const KEPT = 200;
const OVERRIDES_KEPT = 200;

// Without this, every content script could read the key.
const locked = chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });

let settings: Promise<Settings> | undefined;
const answers = new Map<string, { at: number; value: Check | Screened }>();

function current(): Promise<Settings> {
  settings ??= locked.then(load);
  return settings;
}

chrome.storage.onChanged.addListener((changes, area) => {
  if (area !== "local" || !changes["settings"]) return;
  settings = undefined;
  answers.clear();
  void registerSites();
  void broadcast({ type: "settings-changed" });
});

chrome.runtime.onInstalled.addListener(() => void registerSites());
chrome.runtime.onStartup.addListener(() => void registerSites());
chrome.permissions.onRemoved.addListener(() => void registerSites());
chrome.action.onClicked.addListener(() => void chrome.runtime.openOptionsPage());

chrome.runtime.onMessage.addListener((request: Request, sender, respond) => {
  if (sender.id !== chrome.runtime.id) return false;
  answer(request, sender).then(respond, (error: unknown) => respond({ ok: false, error: failure(error) }));
  return true;
});

async function answer(request: Request, sender: chrome.runtime.MessageSender): Promise<Reply<Replies[Request["type"]]>> {
  const chosen = await current();
  switch (request.type) {
    case "settings":
      return { ok: true, value: publicView(chosen) };
    case "check": {
      const draft: DraftIn = { text: request.text, speaker: "seller", context: request.context, ...place(chosen, request.marketplace) };
      return { ok: true, value: await kept(JSON.stringify(draft), () => client(chosen).check(draft)) };
    }
    case "screen": {
      const conversation = { messages: request.messages, ...place(chosen, request.marketplace) };
      return { ok: true, value: await kept(JSON.stringify(conversation), () => client(chosen).screen(conversation)) };
    }
    case "rule":
      await chrome.tabs.create({ url: client(chosen).rulePage(request.rule, localeOf(chosen.locale)) });
      return { ok: true, value: null };
    case "override":
      await note(request.rules, request.reason, sender);
      return { ok: true, value: null };
  }
}

function client(chosen: Settings): ScreenerClient {
  const problem = serverProblem(chosen.server);
  if (problem) throw new ScreenerProblem(0, problem, "");
  return new ScreenerClient({ server: chosen.server, key: chosen.key });
}

function place(chosen: Settings, ofSite: string): Pick<DraftIn, "marketplace" | "region" | "locale"> {
  const marketplace = chosen.marketplace || ofSite;
  return {
    locale: localeOf(chosen.locale),
    ...(marketplace ? { marketplace } : {}),
    ...(chosen.region ? { region: chosen.region } : {}),
  };
}

/** Answers are kept for a minute: rules and dates change, and text must not stay in memory for long. */
async function kept<T extends Check | Screened>(key: string, make: () => Promise<T>): Promise<T> {
  const now = Date.now();
  for (const [old, { at }] of answers) if (now - at > KEPT_MS) answers.delete(old);
  const known = answers.get(key);
  if (known) return known.value as T;
  try {
    const value = await make();
    answers.set(key, { at: now, value });
    for (const old of answers.keys()) {
      if (answers.size <= KEPT) break;
      answers.delete(old);
    }
    void chrome.action.setBadgeText({ text: "" });
    return value;
  } catch (error) {
    void chrome.action.setBadgeBackgroundColor({ color: "#9a3412" });
    void chrome.action.setBadgeText({ text: "!" });
    throw error;
  }
}

function failure(error: unknown): Failure {
  if (error instanceof ScreenerProblem) return { kind: "refused", detail: error.message };
  return { kind: "unreachable", detail: error instanceof Error ? error.message : "" };
}

let noting: Promise<unknown> = Promise.resolve();

function note(rules: string[], reason: string, sender: chrome.runtime.MessageSender): Promise<unknown> {
  const one: Override = {
    at: new Date().toISOString(),
    host: sender.origin ? new URL(sender.origin).host : "",
    rules: rules.slice(0, 20),
    reason: reason.slice(0, 500),
  };
  // One after the other, or two frames would overwrite each other's entry.
  noting = noting.then(async () => {
    const { overrides } = await chrome.storage.local.get("overrides");
    const before = Array.isArray(overrides) ? (overrides as Override[]) : [];
    await chrome.storage.local.set({ overrides: [...before, one].slice(-OVERRIDES_KEPT) });
  });
  return noting;
}

async function broadcast(message: SettingsChanged): Promise<void> {
  for (const tab of await chrome.tabs.query({})) {
    if (tab.id !== undefined) chrome.tabs.sendMessage(tab.id, message).catch(() => undefined);
  }
}

let registering: Promise<void> = Promise.resolve();

/** Sites that the person added in the options, as far as the browser was allowed to let us in there. */
function registerSites(): Promise<void> {
  registering = registering.then(async () => {
    const { sites } = await current();
    const allowed: string[] = [];
    for (const site of sites) {
      if (await chrome.permissions.contains({ origins: [site] }).catch(() => false)) allowed.push(site);
    }
    await chrome.scripting.unregisterContentScripts({ ids: ["added"] }).catch(() => undefined);
    if (!allowed.length) return;
    await chrome.scripting.registerContentScripts([
      { id: "added", matches: allowed, js: ["content.js"], allFrames: true, matchOriginAsFallback: true, runAt: "document_start" },
    ]);
  }).catch(() => undefined);
  return registering;
}
