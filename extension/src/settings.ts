/** What the person has chosen. Read and written by the extension's own contexts only (see worker.ts). */

import type { Locale } from "./client";

export interface Settings {
  server: string;
  key: string;
  /** Empty: the service's own. */
  region: string;
  /** Empty: the site's, else the service's own. */
  marketplace: string;
  locale: "auto" | Locale;
  /** What happens to a message that could not be checked. */
  fail: "open" | "closed";
  /** Further sites, as match patterns. */
  sites: string[];
}

/** What a content script may know: everything but key and address. */
export interface PublicSettings {
  locale: Locale;
  fail: "open" | "closed";
  rulePages: boolean;
}

export const DEFAULTS: Readonly<Settings> = {
  server: "http://127.0.0.1:8765",
  key: "",
  region: "",
  marketplace: "",
  locale: "auto",
  fail: "open",
  sites: [],
};

export async function load(): Promise<Settings> {
  const { settings } = await chrome.storage.local.get("settings");
  return { ...DEFAULTS, ...(settings as Partial<Settings> | undefined) };
}

export async function save(settings: Settings): Promise<void> {
  await chrome.storage.local.set({ settings });
}

export function localeOf(choice: Settings["locale"]): Locale {
  if (choice !== "auto") return choice;
  return chrome.i18n.getUILanguage().toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function publicView(settings: Settings): PublicSettings {
  return { locale: localeOf(settings.locale), fail: settings.fail, rulePages: settings.key === "" };
}

const LOOPBACK = new Set(["127.0.0.1", "localhost"]);

export type ServerProblem = "not_url" | "not_encrypted";

/** Why an address cannot be used, or null. */
export function serverProblem(address: string): ServerProblem | null {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return "not_url";
  }
  if (url.username || url.password) return "not_url";
  if (url.protocol === "https:") return null;
  // Drafts and the key must not cross a network in the clear.
  return url.protocol === "http:" && LOOPBACK.has(url.hostname) ? null : url.protocol === "http:" ? "not_encrypted" : "not_url";
}

/** The host permission that an address needs beyond those of the manifest, or null. */
export function permissionFor(address: string): string | null {
  const url = new URL(address);
  return url.protocol === "https:" ? `https://${url.hostname}/*` : null;
}
