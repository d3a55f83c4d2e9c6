import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import type { MockBackend } from "../../mock-server/index.js";
import { CancelledError, ClosedError, ContractError, NetworkError, NotFoundError } from "../../src/index.js";
import type { TaskOutput, TaskOutputText } from "../../src/index.js";
import { streaming } from "./output-script.js";
import { failure, json, scriptedFetch } from "./scripted-fetch.js";
import type { Act } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { waysToBackend } from "./transports.js";

const line = (offset: number, text: string): string =>
  `${JSON.stringify({ offset, stream: "stdout", text })}\n`;
const done = `${JSON.stringify({ done: true, status: "completed" })}\n`;

const readAll = async (output: TaskOutput): Promise<{ lines: TaskOutputText[]; status: string }> => {
  const lines: TaskOutputText[] = [];
  for (;;) {
    const next = await output.next();
    if (next.done === true) return { lines, status: next.value };
    lines.push(next.value);
  }
};

describe.each(waysToBackend)("a task's output through an AgentVM %s", (_name, make) => {
  let backend: MockBackend | undefined;
  afterEach(() => backend?.close());

  const scripted = (...acts: Act[]) => {
    const clock = manualClock();
    const script = scriptedFetch(...acts);
    const agentvm = make({ fetch: script.fetch, clock, random: () => 0.5 });
    return { clock, ...script, agentvm };
  };
  const offsetsAsked = (seen: readonly { url: string }[]) =>
    seen.map(({ url }) => new URL(url).searchParams.get("offset"));

  it("comes while the task runs, and ends with it", async () => {
    backend = createMockBackend({ seed: 5, clock: "manual" });
    const { clock } = backend;
    const agentvm = make({ ...backend.connection(), clock });
    await agentvm.agents.create("aider");
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump" });
    const reading = readAll(task.output());
    const { lines, status } = await inTime(clock, reading, 250);
    expect(status).toBe((await agentvm.tasks.get(task.id)).status);
    expect(lines.length).toBeGreaterThan(1);
    const again = await readAll(task.output());
    expect(again.lines.map(({ text }) => text).join("")).toBe(lines.map(({ text }) => text).join(""));
    await agentvm.close();
  });

  it("begins at the byte that is asked for", async () => {
    const { agentvm, seen } = scripted(streaming(line(40, "more") + done));
    await readAll(agentvm.tasks.output("task_1", 40));
    expect(offsetsAsked(seen)).toEqual(["40"]);
  });

  it("gives nothing twice, and ends, where a server begins anew each time and never comes to an end", async () => {
    const { agentvm, clock, seen } = scripted(streaming(line(0, "a") + line(1, "b"), { breaks: true }));
    const lines: TaskOutputText[] = [];
    const reading = (async () => {
      for await (const piece of agentvm.tasks.output("task_1")) lines.push(piece);
    })();
    expect(await inTime(clock, rejectionOf(reading))).toBeInstanceOf(NetworkError);
    expect(lines.map(({ text }) => text)).toEqual(["a", "b"]);
    expect(seen).toHaveLength(4);
  });

  it("cannot be led past what a number holds", async () => {
    const { agentvm, clock } = scripted(streaming(line(Number.MAX_SAFE_INTEGER, "abc"), { breaks: true }));
    const error = await inTime(clock, rejectionOf(readAll(agentvm.tasks.output("task_1"))));
    expect(error).toMatchObject({ name: "InvalidRequestError" });
  });

  it.each([1, 2, 3, 7])(
    "is whole when it comes in pieces of %i bytes, between the bytes of one letter too",
    async (size) => {
      const { agentvm } = scripted(
        streaming(line(0, "Grüße, 世界 🎮\n") + line(24, "und weiter") + done, { size }),
      );
      const { lines } = await readAll(agentvm.tasks.output("task_1"));
      expect(lines.map(({ text }) => text)).toEqual(["Grüße, 世界 🎮\n", "und weiter"]);
    },
  );

  it("goes on after a cut at the byte where it was, with nothing twice", async () => {
    const { agentvm, clock, seen } = scripted(
      streaming(`${line(0, "Grüße\n")}{"offset":8,"stre`, { breaks: true }),
      streaming(line(8, "weiter") + done),
    );
    const { lines, status } = await inTime(clock, readAll(agentvm.tasks.output("task_1")));
    expect(lines.map(({ text }) => text)).toEqual(["Grüße\n", "weiter"]);
    expect(offsetsAsked(seen)).toEqual([null, "8"]);
    expect(status).toBe("completed");
  });

  it("goes on after an end that came too early", async () => {
    const { agentvm, clock, seen } = scripted(streaming(line(0, "one")), streaming(line(3, "two") + done));
    const { lines } = await inTime(clock, readAll(agentvm.tasks.output("task_1")));
    expect(lines.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(seen).toHaveLength(2);
  });

  it("asks anew when nothing has come for as long as an attempt may take", async () => {
    const { agentvm, clock, seen } = scripted(
      streaming(line(0, "one"), { stalls: true }),
      streaming(line(3, "two") + done),
    );
    const { lines } = await inTime(clock, readAll(agentvm.tasks.output("task_1")), 1_000);
    expect(lines.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(offsetsAsked(seen)).toEqual([null, "3"]);
  });

  it("goes on however often it is cut, as long as something new comes", async () => {
    const pieces = Array.from({ length: 12 }, (_, index) => streaming(line(index, "x"), { breaks: true }));
    const { agentvm, clock } = scripted(...pieces, streaming(done));
    const { lines } = await inTime(clock, readAll(agentvm.tasks.output("task_1")));
    expect(lines).toHaveLength(12);
  });

  it("gives up after its retries when nothing new comes", async () => {
    const { agentvm, clock, seen } = scripted(streaming("", { breaks: true }));
    expect(await inTime(clock, rejectionOf(readAll(agentvm.tasks.output("task_1"))))).toBeInstanceOf(
      NetworkError,
    );
    expect(seen).toHaveLength(3);
  });

  it("of a task that is not there fails with the server's error", async () => {
    const { agentvm } = scripted(failure("task_not_found", 404));
    expect(await rejectionOf(agentvm.tasks.output("task_1").next())).toBeInstanceOf(NotFoundError);
  });

  it("that is refused with a 200 fails with the refusal", async () => {
    const { agentvm } = scripted(json({ success: false, error: "Not today" }));
    expect(await rejectionOf(agentvm.tasks.output("task_1").next())).toMatchObject({
      code: "request_failed",
    });
  });

  it("that is none fails with where it does not fit", async () => {
    const { agentvm } = scripted(streaming(`${JSON.stringify({ offset: "0" })}\n`));
    const error = await rejectionOf(agentvm.tasks.output("task_1").next());
    expect(error).toBeInstanceOf(ContractError);
    expect((error as Error).message).toMatch(/^GET \/tasks\/\{task_id\}\/output: answer/);
  });

  it("that is a web page fails and says so", async () => {
    const { agentvm } = scripted(streaming("<html>\n"));
    expect(await rejectionOf(agentvm.tasks.output("task_1").next())).toMatchObject({ code: "html_answer" });
  });

  it("of one line without end is given up, not kept", async () => {
    const { agentvm } = scripted(streaming("x".repeat(3_000_000), { size: 100_000 }));
    expect(await rejectionOf(agentvm.tasks.output("task_1").next())).toBeInstanceOf(ContractError);
  });

  it("ends when it is cancelled", async () => {
    const controller = new AbortController();
    const { agentvm } = scripted(streaming(line(0, "one"), { stalls: true }));
    const output = agentvm.tasks.output("task_1", 0, { signal: controller.signal });
    expect((await output.next()).value).toMatchObject({ text: "one" });
    const next = rejectionOf(output.next());
    await settle();
    controller.abort();
    expect(await next).toBeInstanceOf(CancelledError);
  });

  it("ends when the client is closed", async () => {
    const { agentvm } = scripted(streaming(line(0, "one"), { stalls: true }));
    const output = agentvm.tasks.output("task_1");
    await output.next();
    const next = rejectionOf(output.next());
    await settle();
    await agentvm.close();
    expect(await next).toBeInstanceOf(ClosedError);
  });

  it("is let go of when its reader leaves", async () => {
    let ended = false;
    const act = streaming(line(0, "one"), { stalls: true });
    const { agentvm } = scripted((request, signal) => {
      signal?.addEventListener("abort", () => (ended = true));
      return act(request, signal);
    });
    for await (const { text } of agentvm.tasks.output("task_1")) {
      expect(text).toBe("one");
      break;
    }
    await settle();
    expect(ended).toBe(true);
  });
});
