import { onAbort } from "../../../src/contract/on-abort.js";
import { abortReason } from "../../calls/abort-reason.js";
import type { AnsweredCall, SaidInCall } from "../../calls/index.js";
import { redactText } from "../redact.js";
import { checkFilter, fitsCall } from "./filter.js";
import type { Journal, JournalEntry, JournalFilter } from "./journal.js";

/** What a journal holds at the most; older calls make room. */
export const ENTRIES_MAX = 1_000;
const BYTES_MAX = 4_194_304;

/** Characters that are kept of what a call says, and of what a path names. */
const TEXT_MAX = 65_536;
const PARAM_MAX = 256;
const ERROR_MAX = 4_096;

/** Bytes that an entry counts for beside its texts. */
const ENTRY_BYTES = 256;

/** Who may wait at the same time, and tokens that are known. */
const WAITING_MAX = 100;
const TOKENS_MAX = 64;

/** A call as it is kept: texts are read for who looks, since most calls are never looked at. */
interface Kept {
  readonly call: AnsweredCall;
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly request: string | null;
  readonly answer: string | null;
  /** Whether one of the two was longer. */
  readonly shortened: boolean;
  readonly bytes: number;
  fault: string | null;
}

interface Waiting {
  readonly filter: JournalFilter;
  /** Takes the call, or why none comes. */
  readonly end: (result: JournalEntry | Error | null) => void;
}

/** The last calls of a backend, as they were answered. */
export class CallJournal implements Journal {
  readonly #now: () => number;
  /** Oldest first, from the head on. */
  #kept: Kept[] = [];
  #head = 0;
  #bytes = 0;
  #last = 0;
  readonly #waiting = new Set<Waiting>();
  /** Tokens that the backend gave out, which no entry may tell. */
  readonly #tokens = new Set<string>();

  readonly #keys: () => readonly string[];

  /**
   * @param now The backend's time, in milliseconds since 1970.
   * @param keys Secrets that are known from the beginning.
   */
  constructor(now: () => number, keys: () => readonly string[] = () => []) {
    this.#now = now;
    this.#keys = keys;
  }

  get size(): number {
    return this.#kept.length - this.#head;
  }

  /** Takes a call, with what it said where that is known. */
  add(call: AnsweredCall, said: SaidInCall | null = null, fault: string | null = null): void {
    if (call.route === "gameConnect" && typeof said?.answer === "string") this.#learnToken(said.answer);
    const request = this.#textOf(said?.request);
    const answer = this.#textOf(said?.answer);
    const isCut = isLong(request) || isLong(answer);
    this.#last += 1;
    const characters = Math.min(TEXT_MAX, request?.length ?? 0) + Math.min(TEXT_MAX, answer?.length ?? 0);
    const bytes = ENTRY_BYTES + 2 * (characters + Math.min(ERROR_MAX, call.error?.length ?? 0));
    const kept = {
      call: shortened(call),
      number: this.#last,
      at: this.#now(),
      request: request?.slice(0, TEXT_MAX) ?? null,
      answer: answer?.slice(0, TEXT_MAX) ?? null,
      shortened: isCut,
      bytes,
      fault,
    };
    this.#kept.push(kept);
    this.#bytes += bytes;
    while (this.size > ENTRIES_MAX || (this.#bytes > BYTES_MAX && this.size > 1)) this.#dropOldest();
    if (this.#waiting.size > 0) this.#tell(entryOf(kept));
  }

  /** Says which fault broke the answer of a request. */
  broke(requestId: string, fault: string): void {
    for (let place = this.#kept.length - 1; place >= this.#head; place -= 1) {
      const kept = this.#kept[place];
      if (kept?.call.request_id !== requestId) continue;
      kept.fault = fault;
      return;
    }
  }

  find(filter: JournalFilter = {}): readonly JournalEntry[] {
    checkFilter(filter);
    const { where, ...plain } = filter;
    return this.#kept
      .slice(this.#head)
      .filter((kept) => fitsCall(plain, kept.number, kept.call, kept.fault))
      .map(entryOf)
      .filter((entry) => where === undefined || where(entry));
  }

  /** The calls after a number without what they said, oldest first, at most so many. */
  after(number: number, most = ENTRIES_MAX): readonly LoggedCall[] {
    // A number from before the server was started anew is larger than all of now.
    const from = number > this.#last ? 0 : number;
    const fresh = Math.min(this.#last - from, most, this.size);
    return fresh === 0 ? [] : this.#kept.slice(-fresh).map(loggedOf);
  }

  async waitFor(
    filter: JournalFilter,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<JournalEntry> {
    const [there] = this.find(filter);
    if (there !== undefined) return there;
    if (this.#waiting.size >= WAITING_MAX) {
      throw new RangeError(`${WAITING_MAX} wait for calls already; end some of them by their signals.`);
    }
    // Null says that the signal was aborted.
    const outcome = await new Promise<JournalEntry | Error | null>((resolve) => {
      if (signal?.aborted === true) {
        resolve(null);
        return;
      }
      const waiting: Waiting = {
        filter,
        end: (result) => {
          this.#waiting.delete(waiting);
          forget();
          resolve(result);
        },
      };
      this.#waiting.add(waiting);
      const forget = onAbort(signal, () => {
        waiting.end(null);
      });
    });
    if (outcome === null) throw signal === undefined ? new Error("The wait was ended.") : abortReason(signal);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  clear(): void {
    this.#kept = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  /** Nothing comes any more. */
  close(): void {
    for (const { end } of [...this.#waiting]) {
      end(new Error("The backend was closed before such a call came."));
    }
  }

  #tell(entry: JournalEntry): void {
    for (const { filter, end } of [...this.#waiting]) {
      try {
        const { where, ...plain } = filter;
        if (!fitsCall(plain, entry.number, entry, entry.fault)) continue;
        if (where === undefined || where(entry)) end(entry);
      } catch (error) {
        end(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #dropOldest(): void {
    this.#bytes -= this.#kept[this.#head]?.bytes ?? 0;
    this.#head += 1;
    // Cut in pieces, so that a busy backend does not move all entries with each call.
    if (this.#head < ENTRIES_MAX) return;
    this.#kept = this.#kept.slice(this.#head);
    this.#head = 0;
  }

  #textOf(said: unknown): string | null {
    if (said === undefined || said === null) return null;
    return redactText(typeof said === "string" ? said : JSON.stringify(said), [
      ...this.#keys(),
      ...this.#tokens,
    ]);
  }

  #learnToken(answer: string): void {
    const token = /"session_token":"([^"\\]{8,})"/.exec(answer)?.[1];
    if (token === undefined) return;
    const [oldest] = this.#tokens;
    if (this.#tokens.size >= TOKENS_MAX && oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.add(token);
  }
}

/** A call without what it said. */
export type LoggedCall = Omit<JournalEntry, "request" | "answer" | "shortened">;

function loggedOf({ call, number, at, fault }: Kept): LoggedCall {
  return { ...call, number, at: new Date(at).toISOString(), fault };
}

function entryOf(kept: Kept): JournalEntry {
  const { request, answer, shortened } = kept;
  return { ...loggedOf(kept), request: readText(request), answer: readText(answer), shortened };
}

function isLong(text: string | null): boolean {
  return text !== null && text.length > TEXT_MAX;
}

function readText(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The call without what a caller wrote at length: a thousand of them are kept. */
function shortened(call: AnsweredCall): AnsweredCall {
  const { error, params } = call;
  const isLong = Object.values(params).some((value) => value.length > PARAM_MAX);
  if (!isLong && (error === null || error.length <= ERROR_MAX)) return call;
  const short: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) short[name] = value.slice(0, PARAM_MAX);
  return { ...call, error: error?.slice(0, ERROR_MAX) ?? null, params: short };
}
