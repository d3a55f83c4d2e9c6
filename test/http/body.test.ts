import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../../mock-server/domain/index.js";
import { readBody } from "../../mock-server/http/body.js";
import type { HttpBody } from "../../mock-server/http/types.js";
import { BODY_MAX_BYTES } from "../../src/contract/index.js";
import { bytesOf, fakeCall, gzip, json } from "./fake-call.js";

const read = async (body: HttpBody, headers: Record<string, string> = json) => {
  const content = await readBody(fakeCall({ headers, body }));
  return content === null ? null : { value: readJson(content) };
};
const text = (content: string): HttpBody => ({ kind: "text", text: content });
const bytes = (content: Uint8Array): HttpBody => ({ kind: "bytes", bytes: content });
const gzipped = { ...json, "content-encoding": "gzip" };
/** Zero has no sign in what is read. */
const withoutSigns = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const ofSize = (size: number) => `"${"a".repeat(size - 2)}"`;

describe("a request body", () => {
  it("is any JSON value, the same from text and from bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json().filter((content) => !content.includes("__proto__")),
        async (content) => {
          const value = withoutSigns(JSON.parse(content));
          expect(await read(text(content))).toEqual({ value });
          expect(await read(bytes(bytesOf(content)))).toEqual({ value });
        },
      ),
    );
  });

  it("is read at once where nothing has to be waited for", () => {
    expect(readBody(fakeCall({ headers: json, body: text("[1]") }))).toBe("[1]");
  });

  it("may be missing, and needs no Content-Type then", async () => {
    expect(await read({ kind: "none" }, {})).toBeNull();
    expect(await read(text(""), {})).toBeNull();
    expect(await read(bytes(new Uint8Array()), {})).toBeNull();
  });

  it.each(
    ["", " ", "{", "{]", "nul", "{'a':1}", '{"a":1,}', "\u0000", "<html>"].filter((each) => each !== ""),
  )("is refused as malformed when it is %j", async (content) => {
    await expect(read(text(content))).rejects.toMatchObject({ code: "malformed_json" });
  });

  it("tells nothing of what a malformed one holds", async () => {
    await expect(read(text("my-secret"))).rejects.toThrow(/^The body is not valid JSON\.$/);
  });

  it("is refused as malformed when it is not UTF-8", async () => {
    await expect(read(bytes(new Uint8Array([0x22, 0xff, 0x22])))).rejects.toMatchObject({
      code: "malformed_json",
      message: "The body is not valid UTF-8.",
    });
  });

  it("may begin with a byte order mark", async () => {
    expect(await read(text("\ufeff{}"))).toEqual({ value: {} });
    expect(await read(bytes(bytesOf("\ufeff{}")))).toEqual({ value: {} });
  });

  it("loses half surrogates as text just as it would on the wire", async () => {
    expect(await read(text('"\ud800"'))).toEqual({ value: "\ufffd" });
  });

  it("may have as many bytes as the contract says", async () => {
    expect(await read(text(ofSize(BODY_MAX_BYTES)))).not.toBeNull();
    expect(await read(bytes(bytesOf(ofSize(BODY_MAX_BYTES))))).not.toBeNull();
  });

  it.each([
    ["text", text(ofSize(BODY_MAX_BYTES + 1))],
    ["bytes", bytes(bytesOf(ofSize(BODY_MAX_BYTES + 1)))],
    ["characters of more than one byte", text(`"${"€".repeat(BODY_MAX_BYTES / 2)}"`)],
    ["what a host stopped reading", { kind: "too_large" } as const],
  ])("is refused when it is larger: %s", async (_name, body) => {
    await expect(read(body)).rejects.toMatchObject({ code: "payload_too_large" });
  });

  it("may be gzip", async () => {
    expect(await read(bytes(await gzip(bytesOf('{"a":"ä"}'))), gzipped)).toEqual({ value: { a: "ä" } });
  });

  it("may be empty gzip", async () => {
    expect(await read(bytes(await gzip(new Uint8Array())), gzipped)).toBeNull();
  });

  it("is refused when it is too large after decompression", async () => {
    const bomb = await gzip(bytesOf(ofSize(BODY_MAX_BYTES * 20)));
    expect(bomb.byteLength).toBeLessThan(BODY_MAX_BYTES / 10);
    await expect(read(bytes(bomb), gzipped)).rejects.toMatchObject({ code: "payload_too_large" });
  });

  it.each([
    ["cut off", async () => (await gzip(bytesOf('{"a":1}'))).slice(0, -6)],
    ["followed by something else", async () => new Uint8Array([...(await gzip(bytesOf("{}"))), 1, 2, 3])],
    ["no gzip at all", async () => bytesOf("{}")],
  ])("is refused as malformed when its gzip is %s", async (_name, make) => {
    await expect(read(bytes(await make()), gzipped)).rejects.toMatchObject({ code: "malformed_json" });
  });

  it.each([
    "application/json",
    "Application/JSON; charset=utf-8",
    'application/json;charset="UTF-8"',
    "application/merge-patch+json",
  ])("may say that it is %s", async (type) => {
    expect(await read(text("{}"), { "content-type": type })).toEqual({ value: {} });
  });

  it.each([
    ["no Content-Type", {}],
    ["another Content-Type", { "content-type": "text/plain;charset=UTF-8" }],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }],
    ["another charset", { "content-type": "application/json; charset=iso-8859-1" }],
    ["another encoding", { ...json, "content-encoding": "br" }],
    ["two encodings", { ...json, "content-encoding": "gzip, gzip" }],
  ])("is refused as of the wrong media type with %s", async (_name, headers) => {
    await expect(read(text("{}"), headers)).rejects.toMatchObject({ code: "unsupported_media_type" });
  });

  it("is refused when it is nested so deep that nobody could write it again", async () => {
    const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(await read(text(nested(64)))).not.toBeNull();
    await expect(read(text(nested(5_000)))).rejects.toMatchObject({ code: "invalid_request" });
    await expect(read(text('{"a":'.repeat(70) + "1" + "}".repeat(70)))).rejects.toMatchObject({
      detail: [{ loc: ["body"], type: "too_deep" }],
    });
  });
});
