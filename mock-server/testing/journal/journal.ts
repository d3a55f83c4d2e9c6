import type { RouteName } from "../../../src/contract/index.js";
import type { AnsweredCall } from "../../calls/index.js";

/** A call that a backend was asked for, and what it answered. */
export interface JournalEntry extends AnsweredCall {
  /** Grows by one with each call. */
  readonly number: number;
  /** When it was answered, by the backend's clock: ISO 8601, UTC. */
  readonly at: string;
  /** What its body said, read as JSON; null where it had none, and for moves that came in a frame of the stream. */
  readonly request: unknown;
  /** What the answer said, read as JSON where it is; null where it had none, and for one that comes in pieces. */
  readonly answer: unknown;
  /** Whether one of both was too long to be kept whole: it is the text that there is of it then. */
  readonly shortened: boolean;
  /** The fault that broke it: `fault_1`; null where none did. */
  readonly fault: string | null;
}

/** Which calls are meant. All that is said has to be so. */
export interface JournalFilter {
  /** The call's name in the contract: `"taskAssign"`, or several. */
  readonly route?: RouteName | readonly RouteName[] | undefined;
  /** The HTTP status; 0 is a call that got none, since its connection broke. */
  readonly status?: number | undefined;
  /** Whether it came as a request, or as a command on the event stream. */
  readonly via?: AnsweredCall["via"] | undefined;
  /** Who called: `key:1`, `session:…`. */
  readonly caller?: string | undefined;
  /** What the path named: `{ agent_id: "agent_1" }`. */
  readonly params?: Readonly<Record<string, string>> | undefined;
  /** The fault that broke it. */
  readonly fault?: string | undefined;
  /** Calls after the one with this number. */
  readonly after?: number | undefined;
  /** Whatever else: `({ request }) => …`. */
  readonly where?: ((entry: JournalEntry) => boolean) | undefined;
}

/**
 * The last calls of a backend and what it answered: at most 1,000 and 4 MiB of them; older ones make room. No key, no token and no other
 * secret is in it.
 */
export interface Journal {
  /** How many calls it holds. */
  readonly size: number;
  /** The calls that are meant, oldest first; all without a filter. */
  find(filter?: JournalFilter): readonly JournalEntry[];
  /**
   * The first call that is meant: one that is there already, or the next that comes. It rejects with the signal's reason when that is aborted, and when
   * the backend is closed.
   *
   * @throws RangeError when 100 wait already.
   */
  waitFor(
    filter: JournalFilter,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<JournalEntry>;
  /** Forgets all; numbers go on. */
  clear(): void;
}
