/** The options page. */

import { type Region, ScreenerClient } from "../client";
import { t, type Key } from "../i18n";
import type { Override } from "../messages";
import { load, localeOf, permissionFor, save, serverProblem, type Settings } from "../settings";

const SITE = /^https:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+\/\*$/i;

const at = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const server = at<HTMLInputElement>("server");
const key = at<HTMLInputElement>("key");
const region = at<HTMLSelectElement>("region");
const marketplace = at<HTMLSelectElement>("marketplace");
const locale = at<HTMLSelectElement>("locale");
const sites = at<HTMLTextAreaElement>("sites");
const told = at("told");

let words = localeOf("auto");

function translate(choice: Settings["locale"]): void {
  words = localeOf(choice);
  document.documentElement.lang = words === "zh" ? "zh-CN" : "en";
  document.title = t(words, "options_title");
  for (const element of document.querySelectorAll<HTMLElement>("[data-t]")) element.textContent = t(words, element.dataset["t"] as Key);
}

function tell(text: string, bad = false): void {
  told.textContent = text;
  told.className = bad ? "bad" : "";
}

/** Keeps a choice that the list does not hold: the service may be off. */
function choose(select: HTMLSelectElement, value: string): void {
  if (value && ![...select.options].some((one) => one.value === value)) select.add(new Option(value, value));
  select.value = value;
}

async function fillPlaces(settings: Settings): Promise<void> {
  let known: Region[] = [];
  try {
    known = await new ScreenerClient({ server: settings.server, key: settings.key, timeoutMs: 3000 }).regions();
  } catch {
    // The two lists then hold what is chosen, and no more.
  }
  const fill = (select: HTMLSelectElement, values: Map<string, string>, chosen: string): void => {
    while (select.options.length > 1) select.remove(1);
    for (const [value, name] of [...values].sort()) select.add(new Option(name, value));
    choose(select, chosen);
  };
  fill(marketplace, new Map(known.map((one) => [one.marketplace, one.marketplace.replaceAll("_", " ")])), settings.marketplace);
  fill(region, new Map(known.map((one) => [one.region.toUpperCase(), one.region.toUpperCase()])), settings.region);
}

function show(settings: Settings): void {
  server.value = settings.server;
  key.value = settings.key;
  locale.value = settings.locale;
  sites.value = settings.sites.join("\n");
  choose(marketplace, settings.marketplace);
  choose(region, settings.region);
  document.querySelector<HTMLInputElement>(`input[name=fail][value=${settings.fail}]`)!.checked = true;
}

function entered(): Settings {
  return {
    server: server.value.trim().replace(/\/+$/, ""),
    key: key.value.trim(),
    region: region.value,
    marketplace: marketplace.value,
    locale: locale.value as Settings["locale"],
    fail: document.querySelector<HTMLInputElement>("input[name=fail]:checked")?.value === "closed" ? "closed" : "open",
    sites: sites.value.split(/\s+/).filter(Boolean),
  };
}

async function submit(test: boolean): Promise<void> {
  const settings = entered();
  const problem = serverProblem(settings.server);
  if (problem) return tell(t(words, problem === "not_url" ? "options_not_url" : "options_not_encrypted"), true);
  const odd = settings.sites.find((site) => !SITE.test(site));
  if (odd) return tell(t(words, "options_bad_site", odd), true);
  const needed = [permissionFor(settings.server), ...settings.sites].filter((one): one is string => one !== null);
  // Asked for before anything is awaited: the browser wants to see the click.
  const given = needed.length ? await chrome.permissions.request({ origins: needed }).catch(() => false) : true;
  if (!given) return tell(t(words, "options_no_leave", needed.join(" ")), true);
  await save(settings);
  translate(settings.locale);
  tell(t(words, "options_saved"));
  if (test) {
    try {
      const client = new ScreenerClient({ server: settings.server, key: settings.key });
      const { version } = await client.ready();
      // /readyz needs no key, this does.
      await client.regions();
      tell(t(words, "options_connected", version));
    } catch (error) {
      tell(t(words, "options_not_connected", error instanceof Error ? error.message : ""), true);
    }
  }
  await fillPlaces(settings);
}

async function showOverrides(): Promise<void> {
  const { overrides } = await chrome.storage.local.get("overrides");
  const list = at("overrides");
  list.replaceChildren();
  for (const one of ((overrides as Override[] | undefined) ?? []).toReversed()) {
    const item = document.createElement("li");
    item.textContent = `${new Date(one.at).toLocaleString(words)} ${one.host}: ${one.rules.join(", ")} - ${one.reason}`;
    list.append(item);
  }
  if (!list.childElementCount) {
    const item = document.createElement("li");
    item.textContent = t(words, "options_overrides_none");
    list.append(item);
  }
}

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  void submit((event as SubmitEvent).submitter?.id === "test");
});
at("clear").addEventListener("click", () => void chrome.storage.local.remove("overrides").then(showOverrides));

void load().then(async (settings) => {
  translate(settings.locale);
  show(settings);
  await showOverrides();
  await fillPlaces(settings);
});
