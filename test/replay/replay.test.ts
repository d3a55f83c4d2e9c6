import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRecording, parseRecording, startMockServer } from "../../mock-server/node.js";
import type { Recording } from "../../mock-server/node.js";
import { createMockBackend } from "../../mock-server/testing.js";
import { AgentVM } from "../../src/slim.js";
import type { StreamEvent } from "../../src/index.js";
import { folder, jsonLines, run, start } from "../cli/harness.js";
import { hastyClock, inTime, settle } from "../sdk/time.js";

const KEY = "key-of-the-recorded-server";

/** How often a recording is played over sockets: each time they bring things in another order. */
const PLAYED_AGAIN = 20;

/** What a game does: the same against the server and against the recording of it. */
interface Played {
  readonly agent: string;
  readonly output: string;
  readonly lines: string;
  readonly events: readonly string[];
  readonly refused: unknown;
}

async function play(agentvm: AgentVM): Promise<Played> {
  const events: StreamEvent[] = [];
  agentvm.on("*", (event) => events.push(event));
  await agentvm.connect({ game_name: "Recorded" });
  while (agentvm.state.status !== "live") await settle(1);
  const { id: agent } = await agentvm.agents.create({ agent_type: "aider", name: "Ada" });
  const task = await agentvm.tasks.assign({ agent_id: agent, prompt: "Fix the jump" });
  const { output } = await task.result();
  const endOf = (): number =>
    events.findIndex(({ type }) => type === "task.completed" || type === "task.failed");
  // A look at the task may have told its end before the stream does.
  while (endOf() < 0) await settle(1);
  const refused: unknown = await agentvm.agents.get("nobody").catch((error: unknown) => error);
  const lines: string[] = [];
  for await (const line of task.output()) lines.push(line.text);
  return {
    agent,
    output,
    lines: lines.join(""),
    // What comes after the task has ended may be heard before this or after.
    events: events
      .slice(0, endOf() + 1)
      .flatMap((event) => (event.type === "gap" ? [] : [`${String(event.type)} ${event.seq}`])),
    refused: refused instanceof Error && "code" in refused ? refused.code : null,
  };
}

/** Records a game with the command, in a file of its own. */
async function recorded(): Promise<{
  readonly path: string;
  readonly text: string;
  readonly played: Played;
}> {
  const server = await startMockServer({ port: 0, seed: 7, clock: { speed: 200 }, apiKeys: [KEY] });
  const path = join(folder(), "game.jsonl");
  const args = ["record", "--endpoint", server.url, "--out", path, "--port", "0", "--json"];
  const running = start(args);
  const [told] = jsonLines(await running.waitFor("\n"));
  const agentvm = new AgentVM({ endpoint: String(told?.["url"]), apiKey: KEY });
  const played = await play(agentvm);
  await agentvm.close();
  running.stop();
  expect((await running.finished).code).toBe(0);
  await server.close({ graceMs: 0 });
  return { path, text: readFileSync(path, "utf8"), played };
}

describe("a recording of a real server", () => {
  it("holds no key and no token, and plays as it was in the page", { timeout: 60_000 }, async () => {
    const { path, text, played } = await recorded();
    expect(text).not.toContain(KEY);
    expect(text).not.toMatch(/"session_token\\?":\\?"(?!\[redacted\])/);

    const recording = await loadRecording(path);
    const backend = createMockBackend({ replay: recording, clock: "manual" });
    const inPage = new AgentVM({ ...backend.connection(), clock: backend.clock });
    const again = await inTime(backend.clock, play(inPage), 20);
    expect(again).toEqual(played);
    expect(backend.replay?.unknown).toEqual([]);
    await inPage.close();
    backend.close();
  });

  it("plays as it was behind a port, as often as it is played", { timeout: 60_000 }, async () => {
    const { path, played } = await recorded();
    const recording = await loadRecording(path);
    for (let time = 0; time < PLAYED_AGAIN; time += 1) {
      await using server = await startMockServer({ port: 0, replay: recording, clock: { speed: 200 } });
      const agentvm = new AgentVM({ endpoint: server.url, apiKey: "any-key", clock: hastyClock() });
      expect(await play(agentvm)).toEqual(played);
      expect(server.backend.replay?.unknown).toEqual([]);
      await agentvm.close();
    }
  });

  it("is asked for what it does not know: a clear error, which is told", { timeout: 60_000 }, async () => {
    const { text } = await recorded();
    const backend = createMockBackend({ replay: parseRecording(text), clock: "manual" });
    const agentvm = new AgentVM({
      ...backend.connection(),
      clock: backend.clock,
      retries: 0,
      batching: false,
    });
    const ask = (work: Promise<unknown>): Promise<unknown> =>
      inTime(
        backend.clock,
        work.catch((error: unknown) => error),
      );
    expect(await ask(agentvm.tasks.assign({ prompt: "Paint it" }))).toMatchObject({
      code: "not_recorded",
      status: 501,
      message: expect.stringContaining("body.prompt differs"),
      remediation: expect.stringContaining("agentvm record"),
    });
    await ask(agentvm.agents.remove("agent_1"));
    expect(backend.replay?.unknown).toMatchObject([
      { call: "POST /tasks/assign", body: { prompt: "Paint it" } },
      {
        call: "DELETE /agents/{agent_id}",
        params: { agent_id: "agent_1" },
        why: expect.stringContaining("no call"),
      },
    ]);
    expect(backend.journal.find({ status: 501 })).toHaveLength(2);
    backend.faults.add({ route: "agentTypes", status: 503 });
    expect(await ask(agentvm.agents.types())).toMatchObject({ code: "unavailable" });
    await agentvm.close();
    backend.close();
  });
});

describe("reading a recording", () => {
  const head = '{"agentvm_recording":1,"recorded_at":"2026-01-01T00:00:00.000Z","endpoint":"http://a"}\n';
  const call =
    '{"type":"call","at":1,"method":"GET","path":"/health","body":null,"status":200,"headers":{},"answer":"{}","pieces":[]}\n';

  it.each([
    ["", /no recording of agentvm record/],
    ["hello\n", /no recording of agentvm record/],
    ['{"agentvm_recording":2}\n', /of version 2, and this package reads version 1/],
    ['{"agentvm_recording":1}\n', /Line 1 .*line\.recorded_at must be a string/],
    [`${head}${call.slice(0, 40)}`, /Line 2 .*not JSON: the file was cut short/],
    [`${head}{"type":"sound","at":1}\n`, /Line 2 .*none of call, frame, end and full/],
    [`${head}${call}${call.replace("200", '"ok"')}`, /Line 3 .*line\.status must be/],
    [(head + call).trimEnd(), /no end: the file was cut short/],
  ])("refuses %j and says why", (text, said) => {
    expect(() => parseRecording(text)).toThrow(said);
    expect(() => parseRecording(text)).toThrow(TypeError);
  });

  it("takes what is right, and names the file of what is not", async () => {
    expect(parseRecording(head + call)).toMatchObject({ version: 1, endpoint: "http://a", full: false });
    const path = join(folder(), "broken.jsonl");
    writeFileSync(path, "no");
    await expect(loadRecording(path)).rejects.toThrow(`${path}: This is no recording`);
    expect(() => createMockBackend({ replay: "game.jsonl" as unknown as Recording })).toThrow(
      /'replay' must be a recording/,
    );
  });

  it("answers again with the last that was recorded, whatever the order of fields", async () => {
    const created = (name: string, at: number): string =>
      `${JSON.stringify({ type: "call", at, method: "GET", path: "/health?b=2&a=1", body: null, status: 200, headers: { "content-type": "application/json" }, answer: JSON.stringify({ name }), pieces: [] })}\n`;
    const backend = createMockBackend({
      replay: parseRecording(head + created("one", 1) + created("two", 2)),
    });
    const names: unknown[] = [];
    for (let count = 0; count < 3; count += 1) {
      names.push(await (await backend.fetch("http://a/health?a=1&b=2")).json());
    }
    expect(names).toEqual([{ name: "one" }, { name: "two" }, { name: "two" }]);
    backend.close();
  });
});

describe("agentvm record", () => {
  it("stops at its bound, and the recording says so", { timeout: 60_000 }, async () => {
    const server = await startMockServer({ port: 0, seed: 7, apiKeys: [KEY] });
    const path = join(folder(), "full.jsonl");
    const running = start([
      "record",
      "--endpoint",
      server.url,
      "--out",
      path,
      "--port",
      "0",
      "--max-bytes",
      "2000",
      "--json",
    ]);
    const [told] = jsonLines(await running.waitFor("\n"));
    for (let count = 0; count < 20; count += 1) await (await fetch(`${String(told?.["url"])}/health`)).text();
    running.stop();
    expect(jsonLines((await running.finished).out).at(-1)).toMatchObject({ type: "stopped", full: true });
    expect(readFileSync(path, "utf8").length).toBeLessThan(2_100);
    expect((await loadRecording(path)).full).toBe(true);
    await server.close({ graceMs: 0 });
  });

  it.each([
    [["record"], /endpoint/],
    [["record", "--endpoint", "http://127.0.0.1:1"], /out/],
    [["record", "--endpoint", "nowhere", "--out", "a"], /not a URL/],
    [["record", "--endpoint", "http://user:secret@a", "--out", "a"], /user name or password/],
  ])("refuses %j", async (args, said) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringMatching(said)]);
    expect(err).not.toContain("secret");
  });

  it("says where it cannot write", async () => {
    const out = join(folder(), "none", "a");
    const { code, err } = await run(["record", "--endpoint", "http://127.0.0.1:9", "--out", out]);
    expect([code, err]).toEqual([2, expect.stringContaining("cannot be written")]);
  });

  it("breaks off what nobody answers, as the server itself would", async () => {
    const args = [
      "record",
      "--endpoint",
      "http://127.0.0.1:9",
      "--out",
      join(folder(), "a"),
      "--port",
      "0",
      "--json",
    ];
    const running = start(args);
    const [told] = jsonLines(await running.waitFor("\n"));
    await expect(fetch(`${String(told?.["url"])}/health`)).rejects.toThrow("fetch failed");
    running.stop();
    expect(jsonLines((await running.finished).out).at(-1)).toEqual({
      type: "stopped",
      lines: 0,
      full: false,
    });
  });
});
