import { BODY_MAX_BYTES } from "../../src/contract/limits.js";
import { EngineError } from "../domain/index.js";

const SURROGATE = /[\ud800-\udfff]/;

/**
 * The text of a body that never was bytes, null where there is none. It is read as those that were, which lose half surrogates and a mark at the
 * start on their way.
 *
 * @throws EngineError `payload_too_large`.
 */
export function bodyText(text: string): string | null {
  if (text === "") return null;
  // No character takes more than three bytes a unit, so only long texts have to be counted.
  if (
    text.length > BODY_MAX_BYTES ||
    (text.length * 3 > BODY_MAX_BYTES && new TextEncoder().encode(text).byteLength > BODY_MAX_BYTES)
  ) {
    throw tooLarge();
  }
  const wellFormed = SURROGATE.test(text) ? new TextDecoder().decode(new TextEncoder().encode(text)) : text;
  return wellFormed.startsWith("\ufeff") ? wellFormed.slice(1) : wellFormed;
}

/** The error for a body that is too large; `when` says at which look at it. */
export function tooLarge(when = ""): EngineError {
  return new EngineError("payload_too_large", `The body is larger than ${BODY_MAX_BYTES} bytes${when}.`);
}
