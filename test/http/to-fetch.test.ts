import { afterEach, describe, expect, it, vi } from "vitest";
import { toFetch } from "../../mock-server/http/to-fetch.js";
import type { Answer } from "../../mock-server/calls/answer.js";
import type { HttpBody, HttpCall } from "../../mock-server/http/types.js";

interface Seen {
  method: string;
  target: string;
  origin: string;
  key: string | undefined;
  type: string | undefined;
  body: string;
}

const decoder = new TextDecoder();

function textOf(body: HttpBody): string {
  if (body.kind === "bytes") return `bytes:${decoder.decode(body.bytes)}`;
  return body.kind === "text" ? `text:${body.text}` : body.kind;
}

/** Answers with what it saw of the call. */
const mirror = toFetch(async (call: HttpCall): Promise<Answer> => {
  const seen: Seen = {
    method: call.method,
    target: call.target,
    origin: call.origin,
    key: call.header("x-api-key"),
    type: call.header("content-type"),
    body: textOf(await call.body()),
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(seen) };
});

async function seen(input: RequestInfo | URL, init?: RequestInit): Promise<Seen> {
  return (await mirror(input, init)).json();
}

const answer = (body: Answer["body"]) => toFetch(() => ({ status: 200, headers: {}, body }));
const address = "http://agentvm.localhost/agents?limit=1";

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the address", () => {
  it.each([address, new URL(address), new Request(address), "/agents?limit=1"])(
    "may be %s",
    async (input) => {
      expect(await seen(input)).toMatchObject({
        method: "GET",
        target: "/agents?limit=1",
        origin: "http://agentvm.localhost",
      });
    },
  );

  it.each([
    ["http://localhost:8000/a", "http://localhost:8000", "/a"],
    ["https://example.com", "https://example.com", "/"],
    ["http://h/a/../b#part", "http://h", "/b"],
    ["http://h/a b?c=ä", "http://h", "/a%20b?c=%C3%A4"],
    ["http://h/a%2Fb", "http://h", "/a%2Fb"],
    ["/x/../y", "http://agentvm.localhost", "/y"],
    ["http://h//a", "http://h", "//a"],
  ])("%s is read as the platform reads it", async (input, origin, target) => {
    expect(await seen(input)).toMatchObject({ origin, target });
  });

  it.each(["ftp://h/a", "data:text/plain,x", "http://", "http://user:secret@h/"])(
    "%s is refused with a TypeError, as fetch does",
    async (input) => {
      await expect(mirror(input)).rejects.toThrow(TypeError);
    },
  );

  it("tells no password when it is refused", async () => {
    await expect(mirror("http://user:secret@h/")).rejects.not.toThrow(/secret/);
  });
});

describe("a request", () => {
  it.each([
    ["a record", { "X-API-Key": "k" }],
    ["pairs", [["X-API-KEY", "k"]] satisfies [string, string][]],
    ["Headers", new Headers({ "x-api-key": "k" })],
  ])("may have its headers as %s", async (_name, headers) => {
    expect(await seen(address, { headers })).toMatchObject({ key: "k" });
  });

  it("may be a Request with options that change it", async () => {
    const request = new Request(address, { headers: { "x-api-key": "old" } });
    expect(await seen(request, { method: "DELETE", headers: { "x-api-key": "new" } })).toMatchObject({
      method: "DELETE",
      key: "new",
    });
  });

  it("has its method in capitals", async () => {
    expect(await seen(address, { method: "post" })).toMatchObject({ method: "POST" });
  });

  it.each([
    ["text", "ä", "text:ä"],
    ["bytes", new TextEncoder().encode("ä"), "bytes:ä"],
    ["a part of a buffer", new Uint8Array([65, 66, 67]).subarray(1), "bytes:BC"],
    ["a buffer", new Uint8Array([65, 66]).buffer, "bytes:AB"],
    ["a blob", new Blob(["ab"]), "bytes:ab"],
    ["a form", new URLSearchParams({ a: "b" }), "bytes:a=b"],
    ["a stream", new Blob(["ab"]).stream(), "bytes:ab"],
    ["nothing", null, "none"],
  ])("may carry %s", async (_name, body, expected) => {
    expect(await seen(address, { method: "POST", body })).toMatchObject({ body: expected });
  });

  it("with text says so unless it says something else, as fetch does", async () => {
    expect(await seen(address, { method: "POST", body: "{}" })).toMatchObject({
      type: "text/plain;charset=UTF-8",
    });
    const headers = { "content-type": "application/json" };
    expect(await seen(address, { method: "POST", body: "{}", headers })).toMatchObject({
      type: "application/json",
    });
  });

  it("of GET has no body, as with fetch", async () => {
    await expect(mirror(address, { method: "GET", body: "{}" })).rejects.toThrow(TypeError);
  });

  it("stops being read where it is too large", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    expect(await seen(address, { method: "POST", body: endless })).toMatchObject({ body: "too_large" });
    expect(pulled).toBeLessThan(40);
  });

  it("with address and plain options builds no Request", async () => {
    vi.stubGlobal("Request", () => {
      throw new Error("A Request was built.");
    });
    const init = { method: "POST", body: "{}", headers: { "x-api-key": "k" } };
    expect(await seen(address, init)).toMatchObject({ key: "k" });
  });
});

describe("a signal", () => {
  it("that is aborted already stops the call before it begins", async () => {
    const handler = vi.fn(() => ({ status: 200, headers: {}, body: null }));
    const aborted = toFetch(handler)(address, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    await expect(aborted).rejects.toBeInstanceOf(DOMException);
    expect(handler).not.toHaveBeenCalled();
  });

  it("ends a call that waits, with its own reason", async () => {
    const controller = new AbortController();
    const waiting = toFetch(() => new Promise(() => undefined))(address, { signal: controller.signal });
    controller.abort(new RangeError("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it("ends a body that streams", async () => {
    const controller = new AbortController();
    const ended = vi.fn();
    const response = await answer(endless(ended))(address, { signal: controller.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    controller.abort();
    await expect(reader?.read()).rejects.toMatchObject({ name: "AbortError" });
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe("the answer", () => {
  it("is a real Response", async () => {
    const response = await mirror(address);
    expect(response).toBeInstanceOf(Response);
    expect(response.headers.get("Content-Type")).toBe("application/json");
  });

  it("of HEAD has no body", async () => {
    expect((await answer(null)(address, { method: "HEAD" })).body).toBeNull();
  });

  it("streams pieces as they are asked for, and no sooner", async () => {
    let made = 0;
    const response = await answer(endless(undefined, () => (made += 1)))(address);
    expect(made).toBe(0);
    const reader = response.body?.getReader();
    expect(decoder.decode((await reader?.read())?.value)).toBe("piece 1");
    expect(made).toBe(1);
    await reader?.cancel();
  });

  it("whose reader goes away ends its source", async () => {
    const ended = vi.fn();
    const response = await answer(endless(ended))(address);
    await response.body?.cancel();
    expect(ended).toHaveBeenCalledOnce();
  });

  it("that breaks midway breaks for its reader too", async () => {
    async function* broken() {
      yield "a";
      throw new Error("gone");
    }
    await expect((await answer(broken())(address)).text()).rejects.toThrow("gone");
  });
});

function endless(ended?: () => void, made?: () => void): AsyncIterable<string> {
  let count = 0;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        made?.();
        count += 1;
        return { done: false, value: `piece ${count}` };
      },
      return: async () => {
        ended?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
