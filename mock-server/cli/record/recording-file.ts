import { createWriteStream, openSync } from "node:fs";
import type { WriteStream } from "node:fs";
import { once } from "node:events";
import { redactText, redactValue } from "../../testing/redact.js";
import { recordingHead } from "../../testing/replay/recording.js";
import type { RecordedLine } from "../../testing/replay/recording.js";

/** Tokens that are known, so that they stand nowhere in the file. */
const TOKENS_MAX = 1_000;

/** A recording that is being written: bounded, and without secrets. */
export class RecordingFile {
  readonly #stream: WriteStream;
  readonly #maxBytes: number;
  readonly #began: number;
  readonly #stopwatch: () => number;
  readonly #secrets = new Set<string>();
  #bytes = 0;
  #full = false;
  /** Sockets tell of their end after they were cut, when the file may be over. */
  #closed = false;
  #lines = 0;
  #error: Error | null = null;

  /**
   * @param now Milliseconds since 1970, when it begins.
   * @param stopwatch Fine enough that what follows from something else is later than that: a replay tells causes by it.
   * @throws what the file system says where the file cannot be written.
   */
  constructor(path: string, endpoint: string, maxBytes: number, now: number, stopwatch: () => number) {
    this.#stream = createWriteStream(path, { fd: openSync(path, "w", 0o600) });
    this.#stream.on("error", (error) => {
      this.#error = error;
    });
    this.#maxBytes = maxBytes;
    this.#stopwatch = stopwatch;
    this.#began = stopwatch();
    this.#put(recordingHead(new Date(now).toISOString(), endpoint));
  }

  /** Milliseconds since it began. */
  get elapsed(): number {
    return Math.round((this.#stopwatch() - this.#began) * 1_000) / 1_000;
  }

  /** Lines after the first. */
  get lines(): number {
    return this.#lines;
  }

  /** Whether it takes no more. */
  get isFull(): boolean {
    return this.#full;
  }

  /** Remembers a secret, so that no later line tells it. */
  keepSecret(secret: string | undefined): void {
    if (secret === undefined || secret.length < 8 || this.#secrets.size >= TOKENS_MAX) return;
    this.#secrets.add(secret);
  }

  /** A text of JSON, or any other, as the file may hold it. */
  clean(text: string): string {
    for (const [, token] of text.matchAll(/"session_token":\s*"([^"\\]+)"/g)) this.keepSecret(token);
    return redactText(text, [...this.#secrets]);
  }

  /** Writes a line; past the bound it writes that it is full, once. */
  add(line: RecordedLine): void {
    if (this.#full || this.#closed) return;
    // What a caller named in a path or a field may be a secret too.
    const text = JSON.stringify(redactValue(line, [...this.#secrets]));
    if (this.#bytes + Buffer.byteLength(text) > this.#maxBytes) {
      this.#full = true;
      this.#put(JSON.stringify({ type: "full", at: this.elapsed }));
      return;
    }
    this.#lines += 1;
    this.#put(text);
  }

  /** Ends the file. @throws what went wrong while it was written. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stream.end();
    if (this.#error === null && !this.#stream.closed)
      await Promise.race([once(this.#stream, "close"), once(this.#stream, "error")]);
    if (this.#error !== null) throw this.#error;
  }

  #put(text: string): void {
    this.#bytes += Buffer.byteLength(text) + 1;
    this.#stream.write(`${text}\n`);
  }
}
