import type { RouteName } from "../../src/contract/index.js";

/** One call that the backend has answered, as those see it who watch the backend. It holds no key, no token and no request. */
export interface AnsweredCall {
  /** Whether it came as a request, or as a command on the event stream. */
  readonly via: "request" | "stream";
  /** The call's name in the contract; null where the contract has none of that method and path. */
  readonly route: RouteName | null;
  /** What the path named. */
  readonly params: Readonly<Record<string, string>>;
  /** The HTTP status; for a command the one that a request would have had. */
  readonly status: number;
  /** Milliseconds that the answer took. */
  readonly ms: number;
  /** Null for a command, which has none. */
  readonly request_id: string | null;
  /** Who called, as rate limits know callers: `key:1`, `session:…`, `anonymous`. */
  readonly caller: string;
  /** The error's body as JSON text; null for a success. */
  readonly error: string | null;
}

/** What a call said and was answered, for those alone who keep no secret of it: JSON as text or as it is; null where there is none. */
export interface SaidInCall {
  readonly request: unknown;
  readonly answer: unknown;
}

/** Those who are told of answered calls. */
export interface CallWatch {
  /** How many there are. */
  readonly size: number;
  tell(call: AnsweredCall, said: SaidInCall): void;
}
