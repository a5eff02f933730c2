/** Which parts of a page are what: data from sites.json, and a guess where it says nothing. */

import data from "../sites.json";

export interface Adapter {
  id: string;
  name: string;
  /** Match patterns as in a manifest. */
  matches: string[];
  marketplace?: string;
  /** CSS selectors. */
  composer?: string;
  send?: string;
  buyerMessage?: string;
  sellerMessage?: string;
  /** Keys that send: "Enter", "Ctrl+Enter", "Meta+Enter". */
  sendKeys?: string[];
  /** Date on which a person last tried the selectors; null: never. */
  tried: string | null;
}

export interface SitesFile {
  sites: Adapter[];
  generic: Omit<Adapter, "matches">;
}

declare const EXTRA_SITES: Adapter[];

export const SITES: Adapter[] = [...EXTRA_SITES, ...((data as SitesFile).sites)];
export const GENERIC: Adapter = { ...(data as SitesFile).generic, matches: [] };

export function matchesPattern(pattern: string, url: URL): boolean {
  const parts = /^(\*|https?):\/\/([^/:]+)(?::(\d+|\*))?(\/.*)$/.exec(pattern);
  if (!parts) return false;
  const [, scheme = "", host = "", port = "*", path = ""] = parts;
  if (!(scheme === "*" ? /^https?:$/.test(url.protocol) : url.protocol === `${scheme}:`)) return false;
  const hostFits =
    host === "*" ||
    url.hostname === host ||
    (host.startsWith("*.") && (url.hostname === host.slice(2) || url.hostname.endsWith(host.slice(1))));
  if (!hostFits || (port !== "*" && url.port !== port)) return false;
  const wanted = new RegExp(`^${path.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
  return wanted.test(url.pathname + url.search);
}

/** The adapter of an address. Selectors that a site leaves out are those of the generic one. */
export function adapterFor(address: string): Adapter {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return GENERIC;
  }
  const site = SITES.find((one) => one.matches.some((pattern) => matchesPattern(pattern, url)));
  return site ? { ...GENERIC, ...site } : GENERIC;
}
