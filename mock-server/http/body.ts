import { BODY_MAX_BYTES } from "../../src/contract/limits.js";
import { EngineError } from "../domain/index.js";
import { bodyText, tooLarge } from "../calls/body-text.js";
import { inflate } from "./gzip.js";
import type { HttpBody, HttpCall } from "./types.js";

const JSON_TYPE = /^application\/(?:json|[\w.+-]+\+json)$/i;
const UTF_8 = /^(?:"utf-?8"|utf-?8)$/i;

/**
 * Reads the body of a call as the text of its JSON; null where it has none. Comes back at once unless the host or gzip needs time.
 *
 * @throws EngineError `payload_too_large`, `unsupported_media_type`, or `malformed_json` for what is no text.
 */
export function readBody(call: HttpCall): string | null | Promise<string | null> {
  const body = call.body();
  return body instanceof Promise ? body.then((read) => decode(call, read)) : decode(call, body);
}

function decode(call: HttpCall, body: HttpBody): string | null | Promise<string | null> {
  switch (body.kind) {
    case "none":
      return null;
    case "too_large":
      throw tooLarge();
    case "text":
      if (body.text === "") return null;
      checkType(call);
      if (isGzip(call)) return inflated(new TextEncoder().encode(body.text));
      return bodyText(body.text);
    case "bytes":
      if (body.bytes.byteLength === 0) return null;
      if (body.bytes.byteLength > BODY_MAX_BYTES) throw tooLarge();
      checkType(call);
      return isGzip(call) ? inflated(body.bytes) : textOf(body.bytes);
  }
}

function checkType(call: HttpCall): void {
  const header = call.header("content-type");
  // What nearly every caller sends.
  if (header === "application/json") return;
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

async function inflated(bytes: Uint8Array): Promise<string | null> {
  const result = await inflate(bytes, BODY_MAX_BYTES);
  switch (result.kind) {
    case "inflated":
      return result.bytes.byteLength === 0 ? null : textOf(result.bytes);
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

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new EngineError("malformed_json", "The body is not valid UTF-8.");
  }
}
