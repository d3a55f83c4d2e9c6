import { BODY_MAX_BYTES } from "../../src/contract/index.js";
import { EngineError } from "../engine/index.js";
import { loadCode } from "../loading.js";
import { invalidRequest } from "../operations/input.js";
import type { HttpBody, HttpCall } from "./types.js";

/** What a request carried: a JSON value, or nothing at all. */
export type ReadBody = { readonly value: unknown } | null;

const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)$/i;
const UTF_8 = /^(?:"utf-?8"|utf-?8)$/i;
const SURROGATE = /[\ud800-\udfff]/;

/** Levels of lists and objects in a body at the most; what is deeper overflows the stack of whoever writes it again. */
const DEPTH_MAX = 64;

/**
 * Reads the body of a call as JSON. Comes back at once unless the host or gzip needs time.
 *
 * @throws EngineError `payload_too_large`, `unsupported_media_type`, `malformed_json` or `invalid_request`.
 */
export function readBody(call: HttpCall): ReadBody | Promise<ReadBody> {
  const body = call.body();
  return body instanceof Promise ? body.then((read) => decode(call, read)) : decode(call, body);
}

function decode(call: HttpCall, body: HttpBody): ReadBody | Promise<ReadBody> {
  switch (body.kind) {
    case "none":
      return null;
    case "too_large":
      throw tooLarge("");
    case "text":
      if (body.text === "") return null;
      checkType(call);
      if (isGzip(call)) return inflated(new TextEncoder().encode(body.text));
      return parse(sized(body.text));
    case "bytes":
      if (body.bytes.byteLength === 0) return null;
      if (body.bytes.byteLength > BODY_MAX_BYTES) throw tooLarge("");
      checkType(call);
      return isGzip(call) ? inflated(body.bytes) : parse(textOf(body.bytes));
  }
}

function checkType(call: HttpCall): void {
  const header = call.header("content-type");
  if (header === undefined || header === "") {
    throw new EngineError("unsupported_media_type", "The request has a body but no Content-Type.");
  }
  const [type = "", ...parameters] = header.split(";").map((part) => part.trim());
  if (!JSON_TYPE.test(type)) {
    throw new EngineError(
      "unsupported_media_type",
      "The Content-Type of the request is not application/json.",
    );
  }
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=");
    if (name.toLowerCase() === "charset" && !UTF_8.test(value)) {
      throw new EngineError("unsupported_media_type", "The charset of the request is not UTF-8.");
    }
  }
}

function isGzip(call: HttpCall): boolean {
  const encoding = call.header("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return false;
  if (encoding === "gzip" || encoding === "x-gzip") return true;
  throw new EngineError("unsupported_media_type", "The Content-Encoding of the request is not gzip.");
}

async function inflated(bytes: Uint8Array): Promise<ReadBody> {
  const { inflate } = await loadCode("reading gzip", () => import("./gzip.js"));
  const result = await inflate(bytes, BODY_MAX_BYTES);
  switch (result.kind) {
    case "inflated":
      return result.bytes.byteLength === 0 ? null : parse(textOf(result.bytes));
    case "too_large":
      throw tooLarge(" after decompression");
    case "broken":
      throw new EngineError("malformed_json", "The body is not valid gzip.");
    case "unavailable":
      throw new EngineError(
        "unsupported_media_type",
        "This server cannot read gzip here; send the body plain.",
      );
  }
}

function sized(text: string): string {
  if (text.length > BODY_MAX_BYTES) throw tooLarge("");
  // No character takes more than three bytes a unit, so only long texts have to be counted.
  if (text.length * 3 > BODY_MAX_BYTES && new TextEncoder().encode(text).byteLength > BODY_MAX_BYTES) {
    throw tooLarge("");
  }
  // A text that came as bytes lost its half surrogates and its mark on the way; one in the page loses them here.
  const wellFormed = SURROGATE.test(text) ? new TextDecoder().decode(new TextEncoder().encode(text)) : text;
  return wellFormed.startsWith("\ufeff") ? wellFormed.slice(1) : wellFormed;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new EngineError("malformed_json", "The body is not valid UTF-8.");
  }
}

function parse(text: string): ReadBody {
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

function tooLarge(when: string): EngineError {
  return new EngineError("payload_too_large", `The body is larger than ${BODY_MAX_BYTES} bytes${when}.`);
}
