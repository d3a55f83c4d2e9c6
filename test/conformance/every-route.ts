import { expect } from "vitest";
import { BODY_MAX_BYTES, BODY_VALUES_MAX, fits } from "../../src/contract/index.js";
import type { Route } from "../../src/contract/index.js";
import { list } from "../../src/contract/schema.js";
import type { Behaviour, RouteCase, Sample } from "./cases/case.js";
import { isRefused, locations } from "./world.js";
import type { CallOptions, World } from "./world.js";
import { read } from "../lib/read.js";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];
const JSON_TYPE = { "Content-Type": "application/json" };
const BAD_IDS = ["a%2Fb", "x".repeat(65), "%00", "%zz", "%F0%9F%98%80", "a%20b", "..%2F.."];

/** Bodies with something in them that no program would read as it was written, and where it stands. */
const UNKEPT: readonly (readonly [raw: string, ...loc: (string | number)[]])[] = [
  ['{"metadata":{"a":[0,1e400]}}', "metadata", "a", 1],
  ['{"a":-1e400}', "a"],
  ['{"a":{"b":76561198012345679}}', "a", "b"],
  ['{"a":{"__proto__":1}}', "a", "__proto__"],
  ['{"__\\u0070roto__":{"admin":true}}', "__proto__"],
];

/** What holds for every route, by title. */
export function checksOfEveryRoute(
  route: Route,
  sample: RouteCase["sample"],
  badBodies: NonNullable<RouteCase["badBodies"]>,
): Record<string, Behaviour> {
  const send = (world: World, { path, ...options }: Sample, changes: CallOptions = {}) =>
    world.call(route.method, path, { ...options, ...changes });
  const checks: Record<string, Behaviour> = {
    "answers a valid request as the contract says": async (world) => {
      const { status, headers, text } = await send(world, await sample(world));
      expect(status === 200 ? "success" : text).toBe("success");
      checkAnswer(route, text);
      expect(headers.get("x-request-id")).toBe("conformance");
      expect(headers.has("ratelimit-limit")).toBe(route.access !== "open");
    },
    "takes no other method": async (world) => {
      const { path, ...options } = await sample(world);
      const allow = (await world.call("PATCH", path, options)).headers.get("allow")?.split(", ") ?? [];
      expect(allow).toContain(route.method);
      for (const method of METHODS.filter((each) => !allow.includes(each))) {
        const { as } = options;
        const refused = await world.call(method, path, { as });
        expect([method, refused.status]).toEqual([method, 405]);
        expect(refused.headers.get("allow")).toBe(allow.join(", "));
        if (method !== "HEAD") isRefused(refused, "method_not_allowed");
      }
    },
    "refuses a query parameter that it does not know": async (world) => {
      const { path, ...options } = await sample(world);
      const mark = path.includes("?") ? "&" : "?";
      const refused = isRefused(
        await send(world, { path: `${path}${mark}colour=red`, ...options }),
        "invalid_request",
      );
      expect(locations(refused)).toEqual([["query", "colour"]]);
    },
  };

  if (route.method === "GET") {
    checks["answers HEAD as GET, without a body"] = async (world) => {
      const { path, ...options } = await sample(world);
      const [get, head] = [await world.call("GET", path, options), await world.call("HEAD", path, options)];
      expect([head.status, head.text]).toEqual([200, ""]);
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    };
  }
  if (route.access !== "open") Object.assign(checks, accessChecks(route, sample, send));
  if (route.params !== undefined) Object.assign(checks, pathChecks(route, sample));
  if (route.method !== "GET") Object.assign(checks, bodyChecks(route, sample, badBodies, send));
  if (route.method === "POST") Object.assign(checks, idempotencyChecks(route, sample, send));
  return checks;
}

type Send = (world: World, request: Sample, changes?: CallOptions) => ReturnType<World["call"]>;

function accessChecks(route: Route, sample: RouteCase["sample"], send: Send): Record<string, Behaviour> {
  const checks: Record<string, Behaviour> = {
    "refuses who shows nothing, a wrong key or a token of no session": async (world) => {
      const request = await sample(world);
      const before = world.events().length;
      const refused = await send(world, request, { as: "nobody" });
      isRefused(refused, "unauthorized");
      expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer/);
      isRefused(
        await send(world, request, { as: "nobody", headers: { Authorization: "Basic eDp5" } }),
        "unauthorized",
      );
      isRefused(await send(world, request, { as: { token: "none" } }), "session_expired");
      const wrong = await send(world, request, { as: { key: "wrong-key-of-somebody" } });
      isRefused(wrong, "forbidden");
      expect(wrong.text).not.toContain("wrong-key-of-somebody");
      expect(world.events()).toHaveLength(before);
    },
    "is counted, and refused past the rate limit until Retry-After is over": {
      options: { limits: { rate_limit_per_minute: 12 } },
      run: async (world) => {
        const request = await sample(world);
        let last = await world.call("GET", "/agents/types", { as: request.as });
        for (let count = 0; count < 12 && last.status === 200; count += 1) {
          const { headers } = last;
          last = await world.call("GET", "/agents/types", { as: request.as });
          if (last.status === 200) {
            expect(Number(last.headers.get("ratelimit-remaining"))).toBe(
              Number(headers.get("ratelimit-remaining")) - 1,
            );
          }
        }
        const refused = await send(world, request);
        isRefused(refused, "rate_limited");
        expect(refused.headers.get("ratelimit-limit")).toBe("12");
        expect(refused.headers.get("ratelimit-remaining")).toBe("0");
        const retryAfter = Number(refused.headers.get("retry-after"));
        expect(retryAfter).toBeGreaterThan(0);
        await world.advance(retryAfter * 1_000);
        expect((await send(world, request)).status).toBe(200);
      },
    },
  };
  if (route.access === "key") {
    checks["refuses a session token"] = async (world) => {
      const { as } = await world.game();
      isRefused(await send(world, await sample(world), { as }), "forbidden");
    };
  }
  if (route.access === "session") {
    checks["refuses an API key"] = async (world) => {
      isRefused(await send(world, await sample(world), { as: "key" }), "forbidden");
    };
  }
  return checks;
}

function pathChecks(route: Route, sample: RouteCase["sample"]): Record<string, Behaviour> {
  return {
    "refuses what is no id in its path": async (world) => {
      const { body, as } = await sample(world);
      const [name = ""] = Object.keys(route.params?.shape ?? {});
      for (const id of BAD_IDS) {
        const refused = await world.call(route.method, route.path.replace(/\{\w+\}/, id), { body, as });
        expect(locations(isRefused(refused, "invalid_request"))).toEqual([["path", name]]);
      }
      const slash = await world.call(route.method, route.path.replace(/\{\w+\}/, "a/b/c/d"), { body, as });
      isRefused(slash, "route_not_found");
    },
  };
}

function bodyChecks(
  route: Route,
  sample: RouteCase["sample"],
  badBodies: NonNullable<RouteCase["badBodies"]>,
  send: Send,
): Record<string, Behaviour> {
  const checks: Record<string, Behaviour> = {
    "refuses bodies that are not JSON, not UTF-8, too large or of another type, and changes nothing": async (
      world,
    ) => {
      const { body: _body, ...request } = await sample(world);
      const before = world.events().length;
      for (const raw of ["{", "{'a': 1}", "null]", "\u0000"]) {
        isRefused(await send(world, request, { raw, headers: JSON_TYPE }), "malformed_json");
      }
      const latin = new Uint8Array([0x7b, 0x22, 0xe4, 0x22, 0x3a, 0x31, 0x7d]);
      isRefused(await send(world, request, { raw: latin, headers: JSON_TYPE }), "malformed_json");
      const large = `{"a":"${"a".repeat(BODY_MAX_BYTES)}"}`;
      isRefused(await send(world, request, { raw: large, headers: JSON_TYPE }), "payload_too_large");
      for (const type of [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin1",
      ]) {
        const refused = await send(world, request, { raw: "{}", headers: { "Content-Type": type } });
        isRefused(refused, "unsupported_media_type");
      }
      const many = `{"a":[${"0,".repeat(BODY_VALUES_MAX)}0]}`;
      isRefused(await send(world, request, { raw: many, headers: JSON_TYPE }), "payload_too_large");
      const brotli = { ...JSON_TYPE, "Content-Encoding": "br" };
      isRefused(await send(world, request, { raw: "{}", headers: brotli }), "unsupported_media_type");
      isRefused(await send(world, request, { body: { colour: "red" } }), "invalid_request");
      isRefused(await send(world, request, { body: ["list"] }), "invalid_request");
      expect(world.events()).toHaveLength(before);
    },
  };
  checks["refuses what could not be written again as it came, wherever it stands, and changes nothing"] =
    async (world) => {
      const { body: _body, ...request } = await sample(world);
      const before = world.events().length;
      for (const [raw, ...loc] of UNKEPT) {
        const refused = isRefused(await send(world, request, { raw, headers: JSON_TYPE }), "invalid_request");
        expect(locations(refused)).toEqual([["body", ...loc]]);
      }
      expect(world.events()).toHaveLength(before);
    };
  if (route.body !== undefined) {
    checks["takes a body that is gzip"] = async (world) => {
      const { body, ...request } = await sample(world);
      const raw = await gzip(JSON.stringify(body));
      const zipped = await send(world, request, {
        raw,
        headers: { ...JSON_TYPE, "Content-Encoding": "gzip" },
      });
      expect(zipped.status === 200 ? "success" : zipped.text).toBe("success");
    };
    const emptyIsValid = fits(route.body, {});
    checks[emptyIsValid ? "takes no body for an empty object" : "needs a body"] = async (world) => {
      const { body: _body, ...request } = await sample(world);
      const empty = await send(world, request);
      if (emptyIsValid) expect(empty.status).toBe(200);
      else isRefused(empty, "malformed_json");
    };
  }
  for (const [what, [body, loc]] of Object.entries(badBodies)) {
    checks[`refuses ${what}`] = async (world) => {
      const request = await sample(world);
      const before = world.events().length;
      const refused = isRefused(await send(world, { ...request, body }), "invalid_request");
      expect(locations(refused)).toContainEqual([...loc]);
      expect(world.events()).toHaveLength(before);
    };
  }
  return checks;
}

function idempotencyChecks(route: Route, sample: RouteCase["sample"], send: Send): Record<string, Behaviour> {
  const headers = { "Idempotency-Key": "the-same-key" };
  // A session that was ended cannot call again, not even with the same key.
  if (route.path === "/game/disconnect") return {};
  const checks: Record<string, Behaviour> = {
    "is done once under one Idempotency-Key": async (world) => {
      const request = await sample(world);
      const first = await send(world, request, { headers });
      const before = world.events().length;
      await world.advance(1_000);
      const changed = world.events().length;
      const second = await send(world, request, { headers });
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(second.text).toBe(first.text);
      expect(first.headers.has("idempotency-replayed")).toBe(false);
      expect(second.headers.get("idempotency-replayed")).toBe("true");
      expect(world.events().length - changed).toBe(0);
      expect(changed).toBeGreaterThanOrEqual(before);
    },
    "refuses an Idempotency-Key that is no id": async (world) => {
      const request = await sample(world);
      for (const key of ["two words", "k".repeat(65), '"quoted"']) {
        const refused = await send(world, request, { headers: { "Idempotency-Key": key } });
        expect(locations(isRefused(refused, "invalid_request"))).toEqual([["header", "Idempotency-Key"]]);
      }
    },
  };
  checks["refuses an Idempotency-Key that was used for something else"] = async (world) => {
    const request = await sample(world);
    const as = request.as ?? "key";
    // The same key of the same caller, on another call.
    if (route.path === "/game/heartbeat") {
      await world.ok("POST", "/tasks/assign", { as, body: { prompt: "Something else" }, headers });
    } else {
      await world.ok("POST", "/game/connect", { as, body: { game_name: "Something else" }, headers });
    }
    const other = route.path === "/game/connect" ? { ...request, body: { game_name: "Another" } } : request;
    if (route.path === "/batch") {
      // A batch's key stands for the whole batch, and is not the key of a single call.
      await send(world, request, { headers });
      const requests = [{ id: "2", method: "GET", path: "/agents" }];
      isRefused(await send(world, { ...request, body: { requests } }, { headers }), "idempotency_conflict");
      return;
    }
    isRefused(await send(world, other, { headers }), "idempotency_conflict");
  };
  return checks;
}

/** Holds an answer to the contract: what the schema keeps of it is all of it, so no field is missing and none too many. */
function checkAnswer({ answer }: Route, text: string): void {
  switch (answer.kind) {
    case "json":
      expect(read(answer.schema, JSON.parse(text))).toEqual(JSON.parse(text));
      return;
    case "list":
      expect(read(list(answer.item), JSON.parse(text))).toEqual(JSON.parse(text));
      return;
    case "ndjson":
      for (const line of text.trimEnd().split("\n")) {
        expect(read(answer.line, JSON.parse(line))).toEqual(JSON.parse(line));
      }
      return;
    case "text":
      expect(text).not.toBe("");
  }
}

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
