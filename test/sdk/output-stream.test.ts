import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { CancelledError, NotFoundError } from "../../src/index.js";
import { streaming } from "./output-script.js";
import { scriptedFetch } from "./scripted-fetch.js";
import type { Act } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { waysToBackend } from "./transports.js";

const line = (offset: number, text: string): string =>
  `${JSON.stringify({ offset, stream: "stdout", text })}\n`;
const done = `${JSON.stringify({ done: true, status: "completed" })}\n`;

describe.each(waysToBackend)("a task's output as a web stream, through an AgentVM %s", (_name, make) => {
  let backend: MockBackend | undefined;
  afterEach(() => backend?.close());

  const scripted = (...acts: Act[]) => {
    const clock = manualClock();
    const script = scriptedFetch(...acts);
    return { clock, ...script, agentvm: make({ fetch: script.fetch, clock, random: () => 0.5 }) };
  };

  it("gives the same as the iterator, and ends with the task", async () => {
    backend = createMockBackend({ seed: 5, clock: "manual" });
    const { clock } = backend;
    const agentvm = make({ ...backend.connection(), clock });
    await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    const text = await inTime(clock, new Response(task.outputStream()).text(), 250);
    let again = "";
    for await (const piece of task.output()) again += piece.text;
    expect(text).toBe(again);
    expect(text).toContain("Fix the jump");
    await agentvm.close();
  });

  it("tells in bytes how far it has come, so that another can go on there", async () => {
    backend = createMockBackend({ seed: 5, clock: "manual" });
    const { clock } = backend;
    const agentvm = make({ ...backend.connection(), clock });
    await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ prompt: "Grüße, 世界 🎮" });
    await inTime(clock, task.result(), 250);
    const whole = await new Response(task.outputStream()).text();
    const reader = task.outputStream().getReader();
    const first = await reader.read();
    await reader.cancel();
    const rest = await new Response(task.outputStream(first.value?.length)).text();
    expect(new TextDecoder().decode(first.value) + rest).toBe(whole);
    await agentvm.close();
  });

  it("goes on after a cut between the bytes of one letter", async () => {
    const { agentvm, clock, seen } = scripted(
      streaming(line(0, "Grüße\n") + line(8, "世"), { breaks: true, until: -3 }),
      streaming(line(8, "世界") + done),
    );
    expect(await inTime(clock, new Response(agentvm.tasks.outputStream("task_1")).text())).toBe(
      "Grüße\n世界",
    );
    expect(seen).toHaveLength(2);
  });

  it("reads no further ahead than it is read", async () => {
    let pulled = 0;
    const many = Array.from({ length: 500 }, (_, index) => line(index, "x")).join("");
    const { agentvm } = scripted((request, signal) => {
      const act = streaming(many + done, { size: line(0, "x").length, pulled: () => (pulled += 1) });
      return act(request, signal);
    });
    const reader = agentvm.tasks.outputStream("task_1").getReader();
    await settle();
    expect(pulled).toBeLessThanOrEqual(1);
    await reader.read();
    for (let turn = 0; turn < 10; turn += 1) await settle();
    expect(pulled).toBeLessThan(10);
    await reader.cancel();
  });

  it("lets go of the connection when its reader leaves, also while nothing comes", async () => {
    let ended = false;
    const act = streaming(line(0, "one"), { stalls: true });
    const { agentvm } = scripted((request, signal) => {
      signal?.addEventListener("abort", () => (ended = true));
      return act(request, signal);
    });
    const reader = agentvm.tasks.outputStream("task_1").getReader();
    await reader.read();
    const waiting = reader.read();
    await settle();
    await reader.cancel();
    expect(await waiting).toMatchObject({ done: true });
    await settle();
    expect(ended).toBe(true);
  });

  it("fails with the error of the call, or of its signal", async () => {
    backend = createMockBackend({ seed: 5, clock: "manual" });
    const agentvm = make({ ...backend.connection(), clock: backend.clock });
    expect(await rejectionOf(new Response(agentvm.tasks.outputStream("task_none")).text())).toBeInstanceOf(
      NotFoundError,
    );
    const stream = agentvm.tasks.outputStream("task_none", 0, { signal: AbortSignal.abort() });
    expect(await rejectionOf(stream.getReader().read())).toBeInstanceOf(CancelledError);
    await agentvm.close();
  });
});
