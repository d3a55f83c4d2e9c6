import { BODY_MAX_BYTES } from "../../src/contract/limits.js";
import { EngineError } from "../engine/index.js";
import { invalidRequest } from "../operations/input.js";
import type { ReadBody } from "./types.js";

const SURROGATE = /[\ud800-\udfff]/;

/** Levels of lists and objects in a body at the most; what is deeper overflows the stack of whoever writes it again. */
const DEPTH_MAX = 64;

/**
 * A body that never was bytes. It is read as those that were, which lose half surrogates and a mark at the start on their way.
 *
 * @throws EngineError `payload_too_large`, `malformed_json` or `invalid_request`.
 */
export function readText(text: string): ReadBody {
  if (text === "") return null;
  // No character takes more than three bytes a unit, so only long texts have to be counted.
  if (
    text.length > BODY_MAX_BYTES ||
    (text.length * 3 > BODY_MAX_BYTES && new TextEncoder().encode(text).byteLength > BODY_MAX_BYTES)
  ) {
    throw tooLarge();
  }
  const wellFormed = SURROGATE.test(text) ? new TextDecoder().decode(new TextEncoder().encode(text)) : text;
  return readJson(wellFormed.startsWith("\ufeff") ? wellFormed.slice(1) : wellFormed);
}

/**
 * Reads a text as JSON.
 *
 * @throws EngineError `malformed_json`, or `invalid_request` for one that is nested too deep.
 */
export function readJson(text: string): ReadBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold a secret.
    throw new EngineError("malformed_json", "The body is not valid JSON.");
  }
  if (text.length > DEPTH_MAX * 2) checkDepth(value);
  return { value };
}

/** The error for a body that is too large; `when` says at which look at it. */
export function tooLarge(when = ""): EngineError {
  return new EngineError("payload_too_large", `The body is larger than ${BODY_MAX_BYTES} bytes${when}.`);
}

function checkDepth(value: unknown): void {
  let level = [value].filter(isNest);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH_MAX) {
      const msg = `must not be nested deeper than ${DEPTH_MAX} levels`;
      throw invalidRequest([{ loc: ["body"], msg, type: "too_deep" }]);
    }
    level = level.flatMap((nest) => Object.values(nest).filter(isNest));
  }
}

function isNest(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
