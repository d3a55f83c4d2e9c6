import { BINARY } from "./connection.js";
import type { Closing } from "./closing.js";
import { utf8Length } from "../domain/index.js";

/** What was read, or why the connection ends. */
export type Read<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly closing: Closing };

/** A frame of which nothing is known but that it is an object with a type. */
export interface RawFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A frame that cannot be read. */
export function badFrame(detail: string): { readonly ok: false; readonly closing: Closing } {
  return { ok: false, closing: { code: 4400, detail } };
}

/** Reads one message as a JSON object that has a type. */
export function readFrame(text: string, maximumBytes: number): Read<RawFrame> {
  if (text === BINARY) return badFrame("binary messages are not read here");
  if (isLonger(text, maximumBytes)) return badFrame(`larger than ${maximumBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return badFrame("not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return badFrame("not a JSON object");
  }
  return isRawFrame(value) ? { ok: true, value } : badFrame("no type");
}

function isRawFrame(value: object): value is RawFrame {
  return "type" in value && typeof value.type === "string";
}

function isLonger(text: string, maximumBytes: number): boolean {
  if (text.length > maximumBytes) return true;
  // A UTF-16 unit takes three bytes at the most, so only long texts have to be counted.
  return text.length * 3 > maximumBytes && utf8Length(text) > maximumBytes;
}
