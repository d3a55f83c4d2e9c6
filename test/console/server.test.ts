import { beforeAll, describe, expect, it } from "vitest";
import { writeConsole } from "../../scripts/console/build-console.js";
import { run } from "../cli/harness.js";
import { KEY, serve } from "./lib/served-console.js";
import type { Served } from "./lib/served-console.js";

const FILES = [
  "",
  "console.js",
  "console.css",
  "console.webmanifest",
  "icon.svg",
  "service-worker.js",
  "licences.txt",
];

beforeAll(async () => {
  await writeConsole();
});

async function serving(args: readonly string[], use: (served: Served) => Promise<void>): Promise<void> {
  const served = await serve(...args);
  try {
    await use(served);
  } finally {
    await served.stop();
  }
}

/** A call of the console's own. */
function ask(
  url: string,
  path: string,
  method = "GET",
  body?: string,
  key: string | null = KEY,
): Promise<Response> {
  return fetch(`${url}/console/api/${path}`, {
    method,
    headers: { ...(key === null ? {} : { "X-API-Key": key }), "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
}

describe("agentvm serve", () => {
  it("lets a key of another role than admin see the console's files and do nothing in it", async () => {
    await serving(["--key", KEY, "--key", "watch:observer:looks-on-only"], async ({ url }) => {
      const refused = await ask(url, "report", "GET", undefined, "looks-on-only");
      expect(refused.status).toBe(403);
      expect(await refused.text()).toContain(
        "needs a key with the role admin; this key has the role observer",
      );
      expect((await ask(url, "report")).status).toBe(200);
    });
  });

  it("serves the console to this machine, and tells where", async () => {
    await serving([], async ({ url, running }) => {
      expect(await running.waitFor("\n")).toContain(`"console_url":"${url}/console"`);
      const answer = await fetch(`${url}/console`);
      expect(answer.url).toBe(`${url}/console/`);
      expect(await answer.text()).toContain("<title>AgentVM console</title>");
    });
  });

  it.each(FILES)("serves /console/%s with a policy that lets no other code in", async (name) => {
    await serving([], async ({ url }) => {
      const answer = await fetch(`${url}/console/${name}`);
      expect(answer.status).toBe(200);
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
      const head = await fetch(`${url}/console/${name}`, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
    });
  });

  it("serves nothing else below /console", async () => {
    await serving([], async ({ url }) => {
      for (const path of ["nothing.js", "..%2Fcli.js", "%2e%2e/package.json", "api", "constructor"]) {
        expect([path, (await fetch(`${url}/console/${path}`)).status]).toEqual([path, 404]);
      }
      expect((await fetch(`${url}/console/`, { method: "POST" })).status).toBe(405);
      expect((await fetch(`${url}/consoles`)).status).toBe(404);
    });
  });

  it("serves no console with --no-console", async () => {
    await serving(["--no-console"], async ({ url, running }) => {
      expect(await running.waitFor("\n")).toContain('"console_url":null');
      expect(await (await fetch(`${url}/console`)).json()).toMatchObject({ code: "route_not_found" });
      expect(await (await ask(url, "report")).json()).toMatchObject({ code: "route_not_found" });
    });
  });

  it("serves the console to other machines only where that is asked for", async () => {
    await serving(["--host", "0.0.0.0"], async ({ url }) => {
      expect((await fetch(`${url}/console`)).status).toBe(404);
    });
    await serving(["--host", "0.0.0.0", "--console"], async ({ url }) => {
      expect((await fetch(`${url}/console`)).status).toBe(200);
    });
  });

  it("tells of both options in its help", async () => {
    const { out } = await run(["serve", "--help"]);
    expect(out).toContain("--console");
    expect(out).toContain("--no-console");
  });
});

describe("the console's own calls", () => {
  it("are made with an API key alone", async () => {
    await serving([], async ({ url }) => {
      const connected = await fetch(`${url}/game/connect`, {
        method: "POST",
        headers: { "X-API-Key": KEY, "Content-Type": "application/json" },
        body: "{}",
      });
      const { session_token } = Object(await connected.json());
      const withToken = await fetch(`${url}/console/api/snapshot`, {
        headers: { Authorization: `Bearer ${String(session_token)}` },
      });
      expect([withToken.status, await withToken.json()]).toMatchObject([403, { code: "forbidden" }]);
      const wrong = await ask(url, "snapshot", "GET", undefined, "another-key");
      const text = await wrong.text();
      expect([wrong.status, JSON.parse(text)]).toMatchObject([403, { code: "forbidden" }]);
      expect(text).not.toContain("another-key");
      const none = await ask(url, "report", "GET", undefined, null);
      expect([none.status, await none.json()]).toMatchObject([401, { code: "unauthorized" }]);
      expect((await ask(url, "report")).status).toBe(200);
    });
  });

  it("are slowed for who guesses keys, and not for the console", async () => {
    await serving(["--rate-limit", "5"], async ({ url }) => {
      const statuses: number[] = [];
      for (let guess = 0; guess < 8; guess += 1) {
        statuses.push((await ask(url, "report", "GET", undefined, `guess-${guess}`)).status);
      }
      expect(statuses).toContain(429);
      for (let look = 0; look < 8; look += 1) expect((await ask(url, "report")).status).toBe(200);
    });
  });

  it("say what is wrong with what they are sent, and change nothing", async () => {
    await serving([], async ({ url }) => {
      const before = Object(await (await ask(url, "report")).json());
      const bad: readonly (readonly [path: string, method: string, body: string, code: string])[] = [
        ["clock", "PUT", "{", "malformed_json"],
        ["clock", "PUT", '{"speed":-1}', "invalid_request"],
        ["clock", "PUT", '{"speed":1e9}', "invalid_request"],
        ["clock", "PUT", '{"advance_ms":1e12}', "invalid_request"],
        ["clock", "PUT", '{"pace":2}', "invalid_request"],
        ["clock", "PUT", '{"advance_ms":1e400}', "invalid_request"],
        ["clock", "PUT", '{"__proto__":{"speed":9}}', "invalid_request"],
        ["clock", "PUT", `{"speed":${"[".repeat(50)}${"]".repeat(50)}}`, "invalid_request"],
        ["clock", "PUT", `{"speed":[${"1,".repeat(200)}1]}`, "payload_too_large"],
        ["clock", "PUT", `{"speed":"${"1".repeat(2_000)}"}`, "payload_too_large"],
        ["restart", "POST", '{"snapshot":{"format":"agentvm-snapshot","version":1e400}}', "invalid_request"],
        ["restart", "POST", '{"seed":"seven"}', "invalid_request"],
        ["restart", "POST", '{"snapshot":{"format":"agentvm-snapshot","version":99}}', "invalid_request"],
        ["restart", "POST", '{"snapshot":null}', "invalid_request"],
        ["restart", "PUT", "{}", "method_not_allowed"],
        ["nothing", "POST", "{}", "route_not_found"],
        ["toString", "POST", "{}", "route_not_found"],
      ];
      for (const [path, method, body, code] of bad) {
        const answer = await ask(url, path, method, body);
        expect({ path, body, answer: await answer.json() }).toMatchObject({ path, body, answer: { code } });
      }
      expect(await (await ask(url, "report")).json()).toMatchObject({
        seed: before.seed,
        speed: before.speed,
        restored: false,
      });
    });
  });

  it("add a fault, tell how often it struck, and take it away", async () => {
    await serving([], async ({ url }) => {
      const body = JSON.stringify({ route: "agentList", status: 503, retry_after: 3, times: 1 });
      const added = await ask(url, "faults", "POST", body);
      const fault = { route: "agentList", status: 503, retry_after: 3, times: 1 };
      expect(await added.json()).toEqual({ id: "fault_1", fault, used: 0, left: 1 });
      const refused = await fetch(`${url}/agents`, { headers: { "X-API-Key": KEY } });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "3"]);
      const listed = await (await ask(url, "faults")).json();
      expect(listed).toEqual({ faults: [{ id: "fault_1", fault, used: 1, left: 0 }] });
      expect((await (await ask(url, "report")).json()).faults).toEqual(listed.faults);
      expect((await ask(url, "faults/fault_1", "DELETE")).status).toBe(200);
      expect((await ask(url, "faults/fault_1", "DELETE")).status).toBe(404);
      await ask(url, "faults", "POST", '{"stream":"cut"}');
      expect((await ask(url, "faults", "DELETE")).status).toBe(200);
      expect(await (await ask(url, "faults")).json()).toEqual({ faults: [] });
    });
  });

  it("refuse a fault that is wrong with its field named, and leave all as it was", async () => {
    await serving(["--key", KEY, "--key", "play:game:plays-and-no-more"], async ({ url }) => {
      const bad: readonly (readonly [body: string, said: string])[] = [
        ['{"status":200}', "fault.status must be at least 400"],
        ['{"status":503,"retry_after":-1}', "fault.retry_after must be at least 0"],
        ['{"answer":"html","retry_after":1}', "fault.retry_after goes with status or code alone"],
        ['{"route":"taskAsign","status":503}', "fault.route"],
        ['{"stream":"close","close_code":1006}', "fault.close_code must be one that a server sends"],
        ["{}", "says nothing of what goes wrong"],
        ["[]", "must be an object"],
      ];
      for (const [body, said] of bad) {
        const answer = await ask(url, "faults", "POST", body);
        expect({ body, answer: await answer.json() }).toMatchObject({
          body,
          answer: { code: "invalid_request", error: expect.stringContaining(said) },
        });
      }
      expect((await ask(url, "faults", "POST", '{"status":503}', "plays-and-no-more")).status).toBe(403);
      expect((await ask(url, "faults", "PUT", "{}")).status).toBe(405);
      expect(await (await ask(url, "faults")).json()).toEqual({ faults: [] });
    });
  });

  it("tell of the workers and of the tasks that each has, to an admin alone", async () => {
    await serving(["--key", KEY, "--key", "desk:worker:works-and-no-more"], async ({ url }) => {
      await fetch(`${url}/workers`, {
        method: "POST",
        headers: { "X-API-Key": "works-and-no-more", "Content-Type": "application/json" },
        body: JSON.stringify({ name: "desk-1", agent_types: ["aider"], slots: 2 }),
      });
      expect(await (await ask(url, "workers")).json()).toMatchObject({
        workers: [{ name: "desk-1", agent_types: ["aider"], slots: 2, busy: 0, tasks: [] }],
      });
      expect((await ask(url, "workers", "GET", undefined, "works-and-no-more")).status).toBe(403);
      expect((await ask(url, "workers", "POST", "{}")).status).toBe(405);
    });
  });

  it("add a script, tell what it was for, and take it away", async () => {
    await serving(["--key", KEY, "--key", "play:game:plays-and-no-more"], async ({ url }) => {
      const script = { prompt: "/jump/i", times: 2, output: "patched" };
      const added = await ask(url, "scripts", "POST", JSON.stringify(script));
      const told = { id: "script_1", script, name: "script 1", uses: 0, times: 2, tasks: [], missed: null };
      expect(await added.json()).toEqual(told);
      const headers = { "X-API-Key": "plays-and-no-more", "Content-Type": "application/json" };
      const post = async (path: string, body: object) =>
        Object(
          await (
            await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })
          ).json(),
        );
      await post("/agents/create", { agent_type: "aider" });
      const { task_id } = await post("/tasks/assign", { prompt: "Fix the Jump" });
      expect(await (await ask(url, "scripts")).json()).toEqual({
        scripts: [{ ...told, uses: 1, tasks: [task_id] }],
      });
      expect((await ask(url, "scripts", "POST", "{}", "plays-and-no-more")).status).toBe(403);
      expect((await ask(url, "scripts/script_1", "DELETE")).status).toBe(200);
      expect((await ask(url, "scripts/script_1", "DELETE")).status).toBe(404);
      await ask(url, "scripts", "POST", "{}");
      expect((await ask(url, "scripts", "DELETE")).status).toBe(200);
      expect(await (await ask(url, "scripts")).json()).toEqual({ scripts: [] });
    });
  });

  it("refuse a script that is wrong with each of its places, and one that is too large", async () => {
    await serving([], async ({ url }) => {
      const answer = await ask(
        url,
        "scripts",
        "POST",
        '{"takes":"3","fails":{"code":"x y","message":"No."}}',
      );
      expect([answer.status, await answer.json()]).toMatchObject([
        422,
        {
          code: "invalid_request",
          detail: [{ loc: ["script", "takes"] }, { loc: ["script", "fails", "code"] }],
        },
      ]);
      const large = JSON.stringify({ output: "x".repeat(300_000) });
      expect((await ask(url, "scripts", "POST", large)).status).toBe(413);
      expect((await ask(url, "scripts", "PUT", "{}")).status).toBe(405);
      expect(await (await ask(url, "scripts")).json()).toEqual({ scripts: [] });
    });
  });

  it("take back a snapshot that is larger than a call of the contract may be", async () => {
    await serving(["--max-agents", "2000"], async ({ url }) => {
      const headers = { "X-API-Key": KEY, "Content-Type": "application/json" };
      const metadata = { note: "x".repeat(16_000) };
      for (let count = 0; count < 80; count += 1) {
        const body = JSON.stringify({ agent_type: "aider", metadata });
        await fetch(`${url}/agents/create`, { method: "POST", headers, body });
      }
      const snapshot = await (await ask(url, "snapshot")).text();
      expect(snapshot.length).toBeGreaterThan(1_048_576);
      expect((await ask(url, "restart", "POST", "{}")).status).toBe(200);
      expect((await ask(url, "restart", "POST", `{"snapshot":${snapshot}}`)).status).toBe(200);
      expect(await (await fetch(`${url}/agents`, { headers })).json()).toHaveLength(80);
    });
  });

  it("are answered to no page of another origin, whatever the command was told", async () => {
    await serving(["--cors-origin", "*"], async ({ url }) => {
      const headers = { "X-API-Key": KEY, Origin: "https://other.example" };
      const report = await fetch(`${url}/console/api/report`, { headers });
      expect(report.headers.get("access-control-allow-origin")).toBeNull();
      const preflight = await fetch(`${url}/console/api/report`, {
        method: "OPTIONS",
        headers: { Origin: "https://other.example", "Access-Control-Request-Method": "GET" },
      });
      expect(preflight.ok).toBe(false);
      expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    });
  });

  it("hold no key", async () => {
    await serving([], async ({ url }) => {
      for (const path of ["report", "snapshot"])
        expect(await (await ask(url, path)).text()).not.toContain(KEY);
    });
  });
});
