import type { Readable } from "node:stream";
import type { Clock } from "oligarchy-agentvm";
import { LineCutter } from "./lines.js";
import type { LinePiece } from "./lines.js";
import type { Redactor } from "./redact/redactor.js";

/** What is read of a program's output, so that one that floods fills neither the memory nor anybody's time. */
export interface OutputBounds {
  /** Bytes that are read of one stream. What comes after them is thrown away. */
  readonly bytes: number;
  /** Bytes a second, as long as it goes on; what is faster waits. A second's worth may come at once. */
  readonly bytesPerSecond: number;
}

export const DEFAULT_BOUNDS: OutputBounds = { bytes: 67_108_864, bytesPerSecond: 16_777_216 };

/** Milliseconds that the end of a stream may take when nobody is left who writes. */
const OVER_MS = 1_000;

/** How one stream of a program is read. */
export interface OutputOptions {
  readonly redactor: Redactor;
  readonly clock: Clock;
  readonly bounds: OutputBounds;
  /** Called with each piece that comes. */
  readonly heard: () => void;
}

/** One stream of a program's output, of which no more than a pipe's worth is read before it is wanted. */
export interface Output {
  /** Its lines, without secrets; to be read once. Who stops reading early lets the rest be thrown away. */
  lines(): AsyncGenerator<string, void, undefined>;
  /** Whether something was read that nobody has wanted yet. */
  readonly waits: () => boolean;
  /** Nobody is left who could write: what is there is read, and nothing more waited for. */
  over(): void;
  /** Lets go of it. */
  close(): void;
}

/** Reads a stream of a program. */
export function readOutput(stream: Readable, { redactor, clock, bounds, heard }: OutputOptions): Output {
  let ended = false;
  let over = false;
  let wake: () => void = () => undefined;
  let cancel: () => void = () => undefined;
  const end = (): void => {
    ended = true;
    wake();
  };
  stream.on("readable", () => wake());
  for (const event of ["end", "close", "error"]) stream.on(event, end);

  /** The next piece; null when there is none any more. */
  const next = async (): Promise<Uint8Array | null> => {
    for (;;) {
      const piece: unknown = stream.read();
      if (piece instanceof Uint8Array) return piece;
      if (ended) return null;
      const late = await new Promise<boolean>((resolve) => {
        wake = () => resolve(false);
        // Who writes is gone. Somebody whom nobody could end may hold the pipe open for ever.
        cancel = over ? clock.setTimeout(() => resolve(true), OVER_MS) : () => undefined;
      });
      cancel();
      if (late) return null;
    }
  };

  async function* lines(): AsyncGenerator<string, void, undefined> {
    const cutter = new LineCutter();
    const text = redactor.stream();
    const given = (piece: LinePiece): string => text.push(piece.text) + (piece.ends ? text.flush() : "");
    const rate = rateOf(bounds.bytesPerSecond, clock);
    let left = bounds.bytes;
    try {
      for (let piece = await next(); piece !== null; piece = await next()) {
        heard();
        await rate(piece.length);
        if (left <= 0) continue;
        for (const line of cutter.push(piece.subarray(0, left))) yield given(line);
        left -= piece.length;
        if (left > 0) continue;
        for (const line of cutter.end()) yield given(line);
        yield `[More than ${bounds.bytes} bytes of output: the rest is left out.]`;
      }
      for (const line of cutter.end()) yield given(line);
    } finally {
      stream.removeAllListeners("readable");
      stream.resume();
    }
  }

  return {
    lines,
    waits: () => stream.readableLength > 0,
    over: () => {
      over = true;
      wake();
    },
    close: () => stream.destroy(),
  };
}

/** Waits as long as it takes until so many bytes are not too many for the time that has gone. */
function rateOf(bytesPerSecond: number, clock: Clock): (bytes: number) => Promise<void> {
  let paidUntil = 0;
  return async (bytes) => {
    const now = clock.now();
    paidUntil = Math.max(paidUntil, now - 1_000) + (bytes / bytesPerSecond) * 1_000;
    const ms = paidUntil - now;
    if (ms > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
  };
}
