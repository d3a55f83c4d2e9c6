import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AgentVM } from "../../src/slim.js";
import { rejectionOf } from "../sdk/time.js";
import { folder, jsonLines, run, start } from "./harness.js";

const HEAD = JSON.stringify({
  agentvm_recording: 1,
  recorded_at: "2026-01-31T12:00:00.000Z",
  endpoint: "https://agents.example.com",
});

/** A server that had one agent. */
const TEXT = `${HEAD}\n${JSON.stringify({
  type: "call",
  at: 5,
  method: "GET",
  path: "/agents/types",
  body: null,
  status: 200,
  headers: { "content-type": "application/json" },
  answer: JSON.stringify([]),
  pieces: [],
})}\n`;

function recordingOf(text: string): string {
  const cwd = folder();
  writeFileSync(join(cwd, "game.jsonl"), text);
  return cwd;
}

describe("agentvm serve --replay", () => {
  it("answers from the recording, and tells at the end what that does not know", async () => {
    const cwd = recordingOf(TEXT);
    const running = start(["serve", "--port", "0", "--json", "--replay", "game.jsonl"], { cwd });
    const [told] = jsonLines(await running.waitFor("\n"));
    expect(told).toMatchObject({
      type: "listening",
      work: "replay",
      console_url: null,
      replay: {
        file: "game.jsonl",
        calls: 1,
        endpoint: "https://agents.example.com",
        recorded_at: "2026-01-31T12:00:00.000Z",
        full: false,
      },
    });
    const agentvm = new AgentVM({ endpoint: String(told?.["url"]), apiKey: "any-key", retries: 0 });
    expect(await agentvm.agents.types()).toEqual([]);
    expect(await rejectionOf(agentvm.tasks.assign({ prompt: "Paint it" }))).toMatchObject({
      code: "not_recorded",
    });
    await agentvm.close();
    running.stop();
    const { code, out } = await running.finished;
    expect(code).toBe(0);
    expect(jsonLines(out).slice(1)).toEqual([
      { type: "not_recorded", call: "POST /tasks/assign", why: expect.stringContaining("no call") },
      { type: "stopped" },
    ]);
  });

  it("says in words what it answers from", async () => {
    const cwd = recordingOf(TEXT);
    const running = start(["serve", "--port", "0", "--replay", "game.jsonl"], { cwd });
    const out = await running.waitFor("ctrl-c");
    expect(out).toContain("AgentVM (a recording) listens on");
    expect(out).toMatch(/recording +1 call of https:\/\/agents\.example\.com, 2026-01-31T12:00:00\.000Z/);
    running.stop();
    expect((await running.finished).code).toBe(0);
  });

  it.each([
    ["a file that is none", "- prompt: jump\n", "its first line does not say so"],
    ["one of another version", TEXT.replace('recording":1', 'recording":9'), "of version 9"],
    ["one that was cut short", TEXT.slice(0, -20), "Line 2 of the recording is not valid"],
  ])("does not begin with %s, and says what is wrong", async (_what, text, words) => {
    const cwd = recordingOf(text);
    const { code, out, err } = await run(["serve", "--port", "0", "--replay", "game.jsonl"], { cwd });
    expect([code, out]).toEqual([3, ""]);
    expect(err).toContain("The recording cannot be used:");
    expect(err).toContain("game.jsonl");
    expect(err).toContain(words);
    expect(err).toContain("What to do:");
  });

  it("does not begin without the file", async () => {
    const args = ["serve", "--port", "0", "--json", "--replay", "none.jsonl"];
    const { code, out } = await run(args, { cwd: folder() });
    expect(code).toBe(3);
    expect(out).toContain("none.jsonl: it cannot be read (ENOENT)");
  });

  it.each([
    ["--scripts", ["--scripts", "s.yaml"]],
    ["--work workers", ["--work", "workers"]],
  ])("is refused beside %s", async (name, more) => {
    const cwd = recordingOf(TEXT);
    const { code, err } = await run(["serve", "--port", "0", "--replay", "game.jsonl", ...more], { cwd });
    expect(code).toBe(2);
    expect(err).toContain(`Give --replay or ${name}, and not both.`);
  });
});
