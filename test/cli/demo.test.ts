import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startMockServer } from "../../mock-server/node.js";
import type { MockServer } from "../../mock-server/node.js";
import { ESCAPE, jsonLines, run, start } from "./harness.js";

const FAST = ["demo", "--speed", "60", "--seed", "7"];

interface DemoLine {
  readonly type: string;
  readonly status?: string;
  readonly task?: { readonly task_id: string; readonly part: string; readonly status?: string };
  readonly tasks?: readonly { readonly task_id: string; readonly part: string; readonly status: string }[];
  readonly agent?: { readonly type: string };
  readonly ok?: boolean;
}

function linesOf(out: string): DemoLine[] {
  return out
    .trimEnd()
    .split("\n")
    .map((line): DemoLine => JSON.parse(line));
}

function expectWholeStory(lines: readonly DemoLine[]): void {
  const types = lines.map(({ type }) => type);
  expect(types.slice(0, 2)).toEqual(["started", "connected"]);
  expect(lines.flatMap(({ type, agent }) => (type === "agent_created" ? [agent?.type] : []))).toEqual([
    "aider",
    "opencode",
    "claude",
    "custom",
  ]);
  const last = lines.at(-1);
  expect(last).toMatchObject({ type: "finished", ok: true, problems: [] });
  const byPart = (part: string) =>
    last?.tasks?.filter((task) => task.part === part).map(({ status }) => status);
  expect(byPart("debugging")).toEqual([expect.stringMatching(/^(completed|failed)$/)]);
  expect(byPart("team")).toHaveLength(3);
  for (const status of byPart("team") ?? []) expect(status).toMatch(/^(completed|failed)$/);
  expect(byPart("cancelled")).toEqual(["cancelled"]);
  expect(new Set(last?.tasks?.map(({ task_id }) => task_id)).size).toBe(5);
  expect(types.filter((type) => type === "task_ended")).toHaveLength(5);
  expect(types).toContain("task_progress");
  // Known from live events alone.
  expect(types).toContain("agent_state");
  expect(types.indexOf("task_cancelled")).toBeGreaterThan(types.indexOf("team_assigned"));
}

describe("agentvm demo on the embedded backend", () => {
  it("tells the whole story to a person, without colours where there is no terminal", async () => {
    const { code, out, err } = await run(FAST);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).not.toContain(ESCAPE);
    expect(out).toContain("The agents are simulated");
    expect(out).toContain('"AgentVM demo" connects to agentvm-mock');
    expect(out).toMatch(/Ada +joins as aider/);
    expect(out).toMatch(/calls (\w+, ){2}\w+ together/);
    expect(out).toMatch(/game +cancels "Rename every variable/);
    expect(out).toMatch(/\[#+-*\] +\d+%/);
    expect(out).toMatch(/^Agent +Task +Ended +Took +Result$/m);
    expect(out).toMatch(/^Ada +refactoring +cancelled +0\.0 s/m);
    expect(out).toMatch(/5 tasks in .*: \d completed, \d failed, 1 cancelled\.\n$/);
  });

  it("uses colours in a terminal, but for NO_COLOR and dumb ones", async () => {
    expect((await run(FAST, { tty: true })).out).toContain(ESCAPE);
    expect((await run(FAST, { tty: true, env: { NO_COLOR: "1" } })).out).not.toContain(ESCAPE);
    expect((await run(FAST, { tty: true, env: { TERM: "dumb" } })).out).not.toContain(ESCAPE);
  });

  it("tells scripts the same as JSON, one object a line", async () => {
    const { code, out } = await run([...FAST, "--json"]);
    expect(code).toBe(0);
    expectWholeStory(linesOf(out));
  });

  it("comes to the same endings from the same seed, whatever the speed", async () => {
    const endings = async (speed: string) => {
      const { out } = await run(["demo", "--seed", "11", "--speed", speed, "--json"]);
      return linesOf(out)
        .at(-1)
        ?.tasks?.map(({ task_id, status }) => [task_id, status]);
    };
    expect(await endings("200")).toEqual(await endings("1000"));
  });

  it("needs no profile, even where there is a broken environment", async () => {
    const env = { AGENT_ENV: "nonsense", API_ENDPOINT: "nonsense" };
    expect((await run([...FAST, "--json"], { env })).code).toBe(0);
  });

  it("ends at once at ctrl-c", async () => {
    const demo = start(["demo", "--speed", "1"]);
    await demo.waitFor("cancels");
    demo.stop();
    expect(await demo.finished).toMatchObject({ code: 130, err: "Stopped.\n" });
  });

  it("ends without a word when nobody reads any more", async () => {
    const demo = start(["demo", "--speed", "1"]);
    await demo.waitFor("cancels");
    demo.stop("broken_pipe");
    expect(await demo.finished).toMatchObject({ code: 141, err: "" });
  });
});

describe("agentvm demo on a server", () => {
  let server: MockServer;
  beforeAll(async () => {
    server = await startMockServer({ port: 0, seed: 5, clock: { speed: 60 }, apiKeys: ["s3cret-key"] });
  });
  afterAll(() => server.close());
  const env = { AGENTVM_API_KEY: "s3cret-key" };

  it("tells the whole story, shows no key, and leaves no agent behind", async () => {
    const { code, out, err } = await run(["demo", "--endpoint", server.url, "--json"], { env });
    expect(code).toBe(0);
    expectWholeStory(linesOf(out));
    expect(out + err).not.toMatch(/s3cret-key|session_token/);
    const status = await run(["status", "--endpoint", server.url, "--json"], { env });
    expect(jsonLines(status.out)[0]).toMatchObject({ total_agents: 0, sessions: 0 });
  });

  it("leaves no agent behind when it is stopped midway", async () => {
    const demo = start(["demo", "--endpoint", server.url], { env });
    await demo.waitFor("cancels");
    demo.stop();
    expect((await demo.finished).code).toBe(130);
    const status = await run(["status", "--endpoint", server.url, "--json"], { env });
    expect(jsonLines(status.out)[0]).toMatchObject({ total_agents: 0, sessions: 0 });
  });

  it("says that the key is refused", async () => {
    const { code, out, err } = await run(["demo", "--endpoint", server.url], {
      env: { AGENTVM_API_KEY: "wr0ng" },
    });
    expect(code).toBe(5);
    expect(err).toContain("What to do: ");
    expect(out + err).not.toContain("wr0ng");
  });

  it("says that a full server has no room", async () => {
    const full = await startMockServer({ port: 0, limits: { max_agents: 2 } });
    try {
      const { code, err } = await run(["demo", "--endpoint", full.url]);
      expect(code).toBe(1);
      expect(err).toContain("max_agents");
    } finally {
      await full.close();
    }
  });

  it("makes room for its team on a server that spawns agents, and clears them away too", async () => {
    const spawning = await startMockServer({
      port: 0,
      clock: { speed: 60 },
      limits: { auto_spawn: true, min_idle_agents: 2, max_agents: 20 },
    });
    try {
      const { code, out } = await run(["demo", "--endpoint", spawning.url, "--json"]);
      expect(code).toBe(0);
      expectWholeStory(linesOf(out));
      const status = await run(["status", "--endpoint", spawning.url, "--json"]);
      expect(jsonLines(status.out)[0]).toMatchObject({ total_agents: 2, sessions: 0 });
    } finally {
      await spawning.close();
    }
  });

  it("does not take options that only the embedded backend has", async () => {
    const { code, err } = await run(["demo", "--endpoint", server.url, "--seed", "3"], { env });
    expect(code).toBe(2);
    expect(err).toContain("--seed and --speed");
  });
});
