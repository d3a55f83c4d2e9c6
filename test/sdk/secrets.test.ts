import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import type { AgentVMOptions, CallOptions } from "../../src/index.js";
import { isAgentVMError } from "../../src/index.js";
import { answer, faultServer, nobodyListens } from "./fault-server.js";
import type { FaultServer } from "./fault-server.js";
import { json, scriptedFetch, text } from "./scripted-fetch.js";
import type { Act } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf } from "./time.js";
import { transports } from "./transports.js";

const KEY = 'top-secret-"key"';
const TOKEN = "top-secret-token.abc/def==";
const HEADER = "top-secret-header-value";

/** Everything that a program, a logger or a person could find in an error, cause and hidden fields included. */
function everythingIn(error: unknown): string {
  const found = [String(error), inspect(error, { depth: Infinity, showHidden: true }), JSON.stringify(error)];
  for (let at = error; at instanceof Error; at = at.cause) found.push(String(at.stack), at.message);
  return found.join("\n");
}

function expectNoSecret(told: string): void {
  for (const secret of [KEY, JSON.stringify(KEY).slice(1, -1), TOKEN, encodeURIComponent(TOKEN), HEADER]) {
    expect(told).not.toContain(secret);
  }
  expect(told).not.toContain("top-secret");
}

const credentials: [what: string, options: AgentVMOptions][] = [
  ["a key", { apiKey: KEY }],
  ["a token", { sessionToken: TOKEN }],
  ["a token that is fetched", { getToken: async () => TOKEN }],
];

/** Servers and networks that tell what they were told. */
const echoes: [what: string, act: Act][] = [
  [
    "a refusal that repeats every header",
    ({ headers }) => {
      const seen = JSON.stringify([...headers]);
      const body = {
        success: false,
        code: seen,
        error: seen,
        detail: seen,
        request_id: seen,
        remediation: seen,
      };
      return new Response(JSON.stringify(body), { status: 403, headers: { "x-request-id": HEADER } });
    },
  ],
  [
    "a 200 that is a refusal and repeats every header",
    ({ headers }) => new Response(JSON.stringify({ success: false, error: JSON.stringify([...headers]) })),
  ],
  [
    "a FastAPI detail that repeats them",
    ({ headers }) =>
      new Response(
        JSON.stringify({ detail: [{ loc: ["header"], msg: JSON.stringify([...headers]), type: "x" }] }),
        {
          status: 422,
        },
      ),
  ],
  [
    "an answer that does not fit and has them as keys",
    ({ headers }) => new Response(JSON.stringify({ agent: Object.fromEntries(headers) })),
  ],
  [
    "a network that fails with them in its words",
    ({ headers }) => {
      throw new TypeError(`cannot send ${JSON.stringify([...headers])}`, {
        cause: new Error(headers.get("x-api-key") ?? headers.get("authorization") ?? ""),
      });
    },
  ],
  [
    "a network that fails with the request attached",
    (request) => {
      throw Object.assign(new TypeError("fetch failed"), {
        request,
        config: { headers: [...request.headers] },
      });
    },
  ],
  ["a web page", text("<html></html>")],
  ["half of an answer", text('{"success":tr')],
  ["a server that is not available", json({}, 503)],
];

const options: CallOptions = { headers: { "x-note": HEADER } };

describe.each(transports)("an AgentVM %s keeps its secrets", (_name, make) => {
  let server: FaultServer | undefined;
  afterEach(async () => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  });

  describe.each(credentials)("with %s", (_what, given) => {
    it.each(echoes)("from %s", async (_echo, act) => {
      const told: string[] = [];
      const logger = {
        debug: (message: string) => told.push(message),
        warn: (message: string) => told.push(message),
      };
      const clock = manualClock();
      const { fetch } = scriptedFetch(act);
      const agentvm = make({ ...given, fetch, clock, logger });
      const error = await inTime(clock, rejectionOf(agentvm.agents.create("aider", options)));
      expect(isAgentVMError(error)).toBe(true);
      expectNoSecret(everythingIn(error));
      expectNoSecret(told.join("\n"));
      expectNoSecret(inspect(agentvm, { depth: Infinity, showHidden: true }));
      expectNoSecret(JSON.stringify(agentvm));
    });

    it("when nobody listens", async () => {
      const endpoint = await nobodyListens();
      const error = await rejectionOf(
        make({ ...given, endpoint, retries: 0 }).agents.create("aider", options),
      );
      expect(isAgentVMError(error)).toBe(true);
      expectNoSecret(everythingIn(error));
    });

    it("when a real server cuts its answer off", async () => {
      server = await faultServer((socket, request) => socket.end(answer(request, { length: 10_000 })));
      const agentvm = make({ ...given, endpoint: server.url, retries: 0 });
      expectNoSecret(everythingIn(await rejectionOf(agentvm.agents.create("aider", options))));
    });

    it("when a real server says everything back", async () => {
      server = await faultServer((socket, request) => {
        socket.end(answer(JSON.stringify({ detail: request }), { status: "400 Bad Request" }));
      });
      const agentvm = make({ ...given, endpoint: server.url, retries: 0 });
      expectNoSecret(everythingIn(await rejectionOf(agentvm.agents.create("aider", options))));
    });
  });

  it("from a logger, and goes on when the logger throws", async () => {
    const clock = manualClock();
    const { fetch } = scriptedFetch(json({}, 503), json([]));
    const logger = {
      warn: () => {
        throw new Error("the disk is full");
      },
    };
    const agentvm = make({ fetch, clock, logger });
    expect(await inTime(clock, agentvm.agents.list())).toEqual([]);
  });
});
