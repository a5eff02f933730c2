/**
 * A typed client of the Screener service. It needs nothing but fetch, so that other drafting tools can import it
 * from dist/client.js (a macro editor, a helpdesk plug-in, a script for Node 20 or later).
 */

export type Effect = "allow" | "note" | "warn" | "block";
export type Confidence = "official" | "reported" | "unverified";
export type Speaker = "seller" | "buyer" | "platform" | "unknown";
export type Locale = "en" | "zh";
export type Worth = "counts" | "needs_support" | "does_not_count" | "unknown";

export interface Source {
  title: string;
  address: string;
  seen: string;
}

export interface Verdict {
  effect: Effect;
  rule: string;
  pack: string;
  confidence: Confidence;
  source: Source;
  reason: string;
  overridable: boolean;
  note: string;
}

export interface Admissibility {
  counts: Worth;
  rule: string;
  pack: string;
  confidence: Confidence;
  source: Source;
  reason: string;
  helps_with: string;
  does_not_help_with: string;
  note: string;
}

export interface Finding {
  rule: string;
  label: string;
  kind: "risk" | "statement";
  start_utf16: number;
  end_utf16: number;
  quote: string;
  language: string;
  probability: number | null;
  unsure: boolean;
  status: string;
  explanation: string;
  suggestions: string[];
  verdict: Verdict;
  admissibility: Admissibility | null;
}

interface Place {
  marketplace?: string;
  region?: string;
  locale?: Locale;
}

export interface Turn {
  speaker: Speaker;
  text: string;
}

export interface DraftIn extends Place {
  text: string;
  speaker?: Speaker;
  channel?: string;
  /** Messages before it, oldest first. */
  context?: Turn[];
}

export interface Check {
  verdict: Effect;
  marketplace: string;
  region: string;
  pack: string;
  fallback: string;
  as_of: string;
  findings: Finding[];
}

export interface ConversationIn extends Place {
  id?: string;
  messages: { id: string; speaker: Speaker; text: string }[];
}

/**
 * A message of a screened conversation. The service counts offsets of conversations in both units; this client
 * keeps the UTF-16 ones, which are those of JavaScript.
 */
export interface ScreenedMessage {
  id: string;
  verdict: Effect;
  findings: Finding[];
}

export interface Statement {
  message_id: string;
  label: string;
  state: "standing" | "retracted" | "contradicted" | "superseded";
  taints: string[];
  counts: Worth;
  rule: string;
}

export interface Screened {
  id: string;
  verdict: Effect;
  marketplace: string;
  region: string;
  pack: string;
  fallback: string;
  messages: ScreenedMessage[];
  statements: Statement[];
}

export interface Region {
  marketplace: string;
  region: string;
  name: string;
  pack: string;
}

export interface Ready {
  status: "ready";
  version: string;
}

/** The service answered that it will not or cannot do it (RFC 9457). */
export class ScreenerProblem extends Error {
  override readonly name = "ScreenerProblem";
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail ? `${title}: ${detail}` : title);
  }
}

/** Nobody answered, or something that is not Screener did. */
export class ScreenerUnreachable extends Error {
  override readonly name = "ScreenerUnreachable";
}

export interface ClientOptions {
  /** Address of the service, e.g. http://127.0.0.1:8765 */
  server: string;
  key?: string;
  timeoutMs?: number;
  fetch?: typeof fetch;
}

export class ScreenerClient {
  readonly #base: string;
  readonly #key: string;
  readonly #timeout: number;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    const base = new URL(options.server);
    if (base.protocol !== "http:" && base.protocol !== "https:") throw new TypeError("the address must be http(s)");
    this.#base = base.href.replace(/\/+$/, "");
    this.#key = options.key ?? "";
    this.#timeout = options.timeoutMs ?? 5000;
    this.#fetch = options.fetch ?? ((...args) => fetch(...args));
  }

  /** What the rules say to one draft or message. */
  check(draft: DraftIn, signal?: AbortSignal): Promise<Check> {
    return this.#call<Check>("POST", "/v1/check", signal, { speaker: "seller", channel: "in_app", offsets: "utf16", ...draft });
  }

  /** The same for a conversation, and what the buyer's statements are worth. */
  screen(conversation: ConversationIn, signal?: AbortSignal): Promise<Screened> {
    return this.#call<Screened>("POST", "/v1/screen", signal, conversation);
  }

  regions(signal?: AbortSignal): Promise<Region[]> {
    return this.#call<Region[]>("GET", "/v1/regions", signal);
  }

  ready(signal?: AbortSignal): Promise<Ready> {
    return this.#call<Ready>("GET", "/readyz", signal);
  }

  /** Address of the page about a rule, for people. It opens in a browser only where the service needs no key. */
  rulePage(rule: string, locale: Locale = "en"): string {
    return `${this.#base}/v1/rules/${encodeURIComponent(rule)}?locale=${locale}`;
  }

  async #call<T>(method: "GET" | "POST", path: string, signal?: AbortSignal, body?: object): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (this.#key) headers["Authorization"] = `Bearer ${this.#key}`;
    const limit = AbortSignal.timeout(this.#timeout);
    let response: Response;
    let answer: unknown;
    try {
      response = await this.#fetch(this.#base + path, {
        method,
        headers,
        // Neither cookies nor the address of the page are the service's business.
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      answer = await response.json();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ScreenerUnreachable(limit.aborted ? "no answer in time" : "no connection, or not a Screener service");
    }
    if (!response.ok) {
      const told = (answer ?? {}) as { title?: unknown; detail?: unknown };
      throw new ScreenerProblem(response.status, words(told.title) || `status ${response.status}`, words(told.detail));
    }
    if (typeof answer !== "object" || answer === null) throw new ScreenerUnreachable("not a Screener service");
    return answer as T;
  }
}

function words(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 500) : "";
}
