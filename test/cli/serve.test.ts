import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AgentVM } from "../../src/index.js";
import { startWorker } from "../../src/worker.js";
import { folder, jsonLines, run, start } from "./harness.js";
import type { HowToRun } from "./harness.js";

/** Serves, gives what it told as JSON to `use`, and stops. */
async function serving(
  args: readonly string[],
  how: HowToRun,
  use: (told: Record<string, unknown>) => Promise<void> | void,
): Promise<void> {
  const server = start(["serve", "--port", "0", "--json", ...args], how);
  const [told] = jsonLines(await server.waitFor("\n"));
  try {
    await use(told ?? {});
  } finally {
    server.stop();
    await server.finished;
  }
}

function profile(text: string): string {
  const cwd = folder();
  mkdirSync(join(cwd, "configs"));
  writeFileSync(join(cwd, "configs/staging.yaml"), text);
  return cwd;
}

describe("agentvm serve", () => {
  it("tells where it listens and a call that works, and ends in order when it is stopped", async () => {
    const server = start(["serve", "--port", "0", "--seed", "7"]);
    const told = await server.waitFor("Stop it with ctrl-c.");
    const [, header, url] = /curl -H '([^']+)' (http:\S+)/.exec(told) ?? [];
    expect(header).toBe("X-API-Key: development-key");
    const answer = await fetch(String(url), { headers: { "X-API-Key": "development-key" } });
    expect(await answer.json()).toMatchObject({ success: true, status: { max_agents: 10 } });
    expect(told).toContain("seed 7");
    expect(told).toMatch(/live events +ws:\/\/127\.0\.0\.1:\d+\/ws/);

    server.stop();
    expect(await server.finished).toMatchObject({ code: 0, err: "" });
    await expect(fetch(String(url))).rejects.toThrow();
  });

  it("takes a key of the environment, and prints it nowhere", async () => {
    const server = start(["serve", "--port", "0"], { env: { AGENTVM_API_KEY: "s3cret-key" } });
    const told = await server.waitFor("Stop it with ctrl-c.");
    const url = String(/http:\S+/.exec(told)?.[0]);
    const status = async (key: string) =>
      (await fetch(`${url}/agents`, { headers: { "X-API-Key": key } })).status;
    expect(await status("s3cret-key")).toBe(200);
    expect(await status("development-key")).toBe(403);
    expect(told).toContain('"X-API-Key: $AGENTVM_API_KEY"');
    server.stop();
    const { out, err } = await server.finished;
    expect(out + err).not.toContain("s3cret-key");
  });

  it("tells scripts the same as JSON, one object a line", async () => {
    const server = start(["serve", "--port", "0", "--json", "--speed", "5", "--seed", "3"]);
    await server.waitFor("\n");
    server.stop();
    const { code, out } = await server.finished;
    expect(code).toBe(0);
    expect(jsonLines(out)).toEqual([
      expect.objectContaining({ type: "listening", seed: 3, speed: 5, development_key: true }),
      { type: "stopped" },
    ]);
  });

  it("takes its limits from options before variables before the profile", async () => {
    const cwd = profile(
      "agentvm: { api_key: k }\nsystem: { max_agents: 20, min_idle_agents: 4, auto_spawn: true }",
    );
    const env = { MIN_IDLE_AGENTS: "3" };
    await serving(
      ["--profile", "staging", "--max-agents", "30", "--rate-limit", "50"],
      { cwd, env },
      (told) => {
        expect(told).toMatchObject({
          environment: "staging",
          development_key: false,
          limits: { max_agents: 30, min_idle_agents: 3, auto_spawn: true, rate_limit_per_minute: 50 },
        });
      },
    );
  });

  it("reads --auto-spawn alone, with true and with false", async () => {
    const read = async (...args: string[]) => {
      let seen: unknown;
      await serving(args, { env: { AUTO_SPAWN: "true" } }, ({ limits }) => void (seen = limits));
      return seen;
    };
    expect(await read("--auto-spawn")).toMatchObject({ auto_spawn: true });
    expect(await read("--auto-spawn", "false")).toMatchObject({ auto_spawn: false });
  });

  it("accepts several keys", async () => {
    await serving(["--key", "one", "--key", "two"], {}, async ({ url }) => {
      for (const key of ["one", "two"])
        expect((await fetch(`${String(url)}/agents`, { headers: { "X-API-Key": key } })).status).toBe(200);
    });
  });

  it("takes the keys that a profile lists, each for what its role may do, and no well-known one beside them", async () => {
    const cwd = profile(`agentvm:
  api_keys:
    - name: watch
      role: observer
      secret: \${WATCH_KEY}
    - play:game:plays-and-no-more
`);
    const how = { cwd, env: { WATCH_KEY: "looks-on-only" } };
    await serving(["--profile", "staging"], how, async ({ url, development_key }) => {
      const status = async (method: string, path: string, key: string): Promise<number> => {
        const headers = { "X-API-Key": key, "Content-Type": "application/json" };
        const body = method === "POST" ? { body: '{"agent_type":"aider"}' } : {};
        return (await fetch(`${String(url)}${path}`, { method, headers, ...body })).status;
      };
      expect(development_key).toBe(false);
      expect(await status("GET", "/agents", "looks-on-only")).toBe(200);
      expect(await status("POST", "/agents/create", "looks-on-only")).toBe(403);
      expect(await status("POST", "/agents/create", "plays-and-no-more")).toBe(200);
      expect(await status("GET", "/agents", "development-key")).toBe(403);
    });
    const both = { cwd, env: { WATCH_KEY: "looks-on-only", AGENTVM_API_KEY: "own" } };
    await serving(["--profile", "staging"], both, async ({ url }) => {
      const headers = { "X-API-Key": "own" };
      expect((await fetch(`${String(url)}/console/api/report`, { headers })).status).toBe(200);
    });
  });

  it("serves for workers: a task waits and says which one is missing, until there is one that does it", async () => {
    const args = ["--work", "workers", "--lease-seconds", "60", "--max-attempts", "3"];
    await serving([...args, "--key", "play", "--key", "desk:worker:desk-key"], {}, async (told) => {
      expect(told).toMatchObject({ work: "workers", limits: { lease_seconds: 60, max_attempts: 3 } });
      const endpoint = String(told["url"]);
      const agentvm = new AgentVM({ endpoint, apiKey: "play" });
      await agentvm.connect({ game_name: "Workers" });
      const agent = await agentvm.agents.create("custom");
      const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
      expect(await agentvm.tasks.get(task.id)).toMatchObject({
        status: "assigned",
        work: "worker",
        message: "Waiting for a worker that serves 'custom'.",
      });
      const work = () => ({ output: "by a worker" });
      const worker = await startWorker({ endpoint, apiKey: "desk-key", name: "desk-1", work });
      expect((await task.result()).output).toBe("by a worker");
      await worker.stop();
      await agentvm.close();
    });
  });

  it("tells people that nothing is simulated", async () => {
    const server = start(["serve", "--port", "0", "--work", "workers"]);
    const told = await server.waitFor("Stop it with ctrl-c.");
    expect(told).toContain("AgentVM (agents of workers) listens");
    expect(told).toMatch(
      /work +by workers that join, silent for 30\.0 s at most; a task is begun 2 times at most/,
    );
    server.stop();
    await server.finished;
  });

  it("says so when the port is in use, and goes on for nobody", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const { code, out, err } = await run(["serve", "--port", String(port)]);
      expect(code).toBe(6);
      expect(out).toBe("");
      expect(err).toContain(`Port ${port} of 127.0.0.1 is in use`);
      expect(err).toContain("--port");
    } finally {
      other.close();
    }
  });

  it("does not offer the development key to other machines", async () => {
    for (const host of ["0.0.0.0", "::", "192.168.0.7"]) {
      const { code, err } = await run(["serve", "--port", "0", "--host", host]);
      expect(code).toBe(2);
      expect(err).toContain("AGENTVM_API_KEY");
    }
  });

  it("refuses a host that is not this machine's, and says what to do", async () => {
    const { code, err } = await run(["serve", "--port", "0", "--host", "203.0.113.9"], {
      env: { AGENTVM_API_KEY: "k" },
    });
    expect(code).toBe(6);
    expect(err).toContain("203.0.113.9 is no address of this machine");
  });

  it.each([
    [["--port", "65536"], "Expected a whole number from 0 to 65535"],
    [["--speed", "0"], "Expected a number above 0"],
    [["--work", "nobody"], "Allowed choices are simulation, workers"],
    [["--lease-seconds", "0"], "Expected a whole number from 1"],
    [["--max-attempts", "0"], "Expected a whole number from 1"],
    [["--seed", "-1"], "Expected a whole number"],
    [["--max-agents", "many"], "Expected a whole number from 1"],
    [["--max-agents", "1", "--min-idle-agents", "5"], "cannot be kept ready"],
    [["--auto-spawn", "perhaps"], "Expected true or false"],
    [["--cors-origin", "example"], "not an origin"],
    [["--profile", "test"], "development, staging, production"],
  ])("refuses %j", async (args, said) => {
    const { code, err } = await run(["serve", "--port", "0", ...args]);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  it("tells what is wrong in a profile, by file and line", async () => {
    const { code, err } = await run(["serve", "--port", "0", "--profile", "staging"], {
      cwd: profile("system:\n  max_agents: lots\nagentvm: { api_key: s3cret }"),
    });
    expect(code).toBe(3);
    expect(err).toContain("configs/staging.yaml:2:15: system.max_agents: expected a whole number");
    expect(err).not.toContain("s3cret");
  });

  it("needs a key of its own in production, and no endpoint", async () => {
    const refused = await run(["serve", "--port", "0"], { env: { AGENT_ENV: "production" } });
    expect(refused.code).toBe(3);
    expect(refused.err).toContain("agentvm.api_key: is missing");
    await serving([], { env: { AGENT_ENV: "production", AGENTVM_API_KEY: "k" } }, (told) => {
      expect(told).toMatchObject({ environment: "production", development_key: false });
    });
  });
});
