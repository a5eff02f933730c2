/** Words of the extension in the language of the options, which may differ from the browser's. */

import en from "../_locales/en/messages.json";
import zh from "../_locales/zh_CN/messages.json";
import type { Locale } from "./client";

export type Key = keyof typeof en;

const WORDS: Record<Locale, Record<Key, { message: string }>> = { en, zh };

export function t(locale: Locale, key: Key, ...values: (string | number)[]): string {
  return WORDS[locale][key].message.replace(/\$(\d)/g, (_, n: string) => String(values[Number(n) - 1] ?? ""));
}

export function labelName(locale: Locale, label: string): string {
  const key = `label_${label}`;
  return key in en ? t(locale, key as Key) : label.replaceAll("_", " ");
}
