/** Watches one call: its tries and its end. */
export interface WatchedCall {
  retried(): void;
  /** @param code the error's code; null when the call went well. */
  ended(code: string | null): void;
}

/** Who watches the calls of one client; null while nobody does, which costs nothing. */
export interface CallWatch {
  begin: ((call: string) => WatchedCall) | null;
}
