import { describe, expect, it } from "vitest";
import { TextResponse, passForResponse } from "../../mock-server/http/text-response.js";

const text = JSON.stringify({ name: "Ada", word: "naïve" });
const headers = { "content-type": "application/json", "x-request-id": "request_1" };

/** What a response says of itself, beside the platform's own in the same words. */
function both(status = 200, body: string | null = text) {
  return [new TextResponse(status, headers, body), new Response(body, { status, headers })] as const;
}

describe("A response whose text is there already", () => {
  it("passes for a Response", () => {
    passForResponse();
    expect(new TextResponse(200, headers, text)).toBeInstanceOf(Response);
  });

  it.each([200, 204, 404, 503])("says of status %i what the platform's own says", (status) => {
    const [ours, theirs] = both(status, status === 204 ? null : text);
    for (const key of ["status", "ok", "redirected", "type", "url", "statusText", "bodyUsed"] as const) {
      expect(ours[key]).toBe(theirs[key]);
    }
    expect([...ours.headers]).toEqual([...theirs.headers]);
  });

  it.each(["text", "json", "arrayBuffer", "blob"] as const)(
    "gives its %s as the platform's own",
    async (read) => {
      const [ours, theirs] = both();
      expect(await ours[read]()).toEqual(await theirs[read]());
      expect(ours.bodyUsed).toBe(true);
    },
  );

  it("gives a stream of the same bytes", async () => {
    const [ours] = both();
    expect(await new Response(ours.body).text()).toBe(text);
  });

  it.each(["text", "json", "arrayBuffer"] as const)(
    "refuses to be read twice, first as text and then as %s",
    async (read) => {
      const [ours] = both();
      await ours.text();
      await expect(ours[read]()).rejects.toThrow(TypeError);
    },
  );

  it("can be cloned before it is read, and each is read for itself", async () => {
    const [ours] = both();
    const copy = ours.clone();
    expect(await ours.text()).toBe(text);
    expect(await copy.text()).toBe(text);
  });

  it("cannot be cloned once it is read", async () => {
    const [ours] = both();
    await ours.text();
    expect(() => ours.clone()).toThrow(TypeError);
  });

  it("can be read any number of times when it has no body, as the platform's own", async () => {
    const [ours] = both(204, null);
    expect(await ours.text()).toBe("");
    expect(await ours.text()).toBe("");
  });
});
