/** What every method takes last. */
export interface CallOptions {
  /** Ends the call at any moment, also while it waits for its next try; it rejects with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one attempt; the client's `timeoutMs` (30000) when left out. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds for the whole call with its retries; the client's `totalTimeoutMs` (120000) when left out. */
  readonly totalTimeoutMs?: number | undefined;
  /**
   * Names the work of a POST, so that sending it again does it once: 1 to 64 characters of `A-Z a-z 0-9 _ -`.
   * One is made for each call when it is left out.
   */
  readonly idempotencyKey?: string | undefined;
  /** More headers. Those that carry credentials or describe the body are the client's own and are refused here. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Whether a text can be the value of a header that holds a key or a token: visible ASCII, no spaces. */
export function isCredentialText(text: unknown): text is string {
  return typeof text === "string" && /^[\x21-\x7e]+$/.test(text);
}

/** Whether a number can be a time limit in milliseconds. */
export function isTimeLimit(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= 2_147_483_647;
}
