import { describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { CancelledError, ClosedError } from "../../src/index.js";
import { agentAnswer, cut, hang, json, scriptedFetch, taskAnswer } from "./scripted-fetch.js";
import { inTime, manualClock, rejectionOf, settle } from "./time.js";
import { transports } from "./transports.js";

describe.each(transports)("a call of an AgentVM %s", (_name, make) => {
  it("that is cancelled before it begins sends nothing", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    const call = make({ fetch }).agents.get("agent_1", { signal: AbortSignal.abort() });
    const error = await rejectionOf(call);
    expect(error).toBeInstanceOf(CancelledError);
    expect(error).toMatchObject({ outcome: "not_sent" });
    expect(seen).toHaveLength(0);
  });

  it("that is cancelled on its way ends, and ends its request", async () => {
    const controller = new AbortController();
    let ended = false;
    const { fetch } = scriptedFetch((request, signal) => {
      signal?.addEventListener("abort", () => (ended = true));
      return hang(request, signal);
    });
    const call = rejectionOf(make({ fetch }).agents.create("aider", { signal: controller.signal }));
    await settle();
    controller.abort();
    expect(await call).toMatchObject({ name: "CancelledError", outcome: "unknown" });
    await settle();
    expect(ended).toBe(true);
  });

  it("that is cancelled while it waits for its next try ends at once", async () => {
    const controller = new AbortController();
    const { fetch, seen } = scriptedFetch(cut);
    const agentvm = make({ fetch, clock: manualClock(), random: () => 0.5 });
    const call = rejectionOf(agentvm.agents.get("agent_1", { signal: controller.signal }));
    await settle();
    controller.abort();
    expect(await call).toBeInstanceOf(CancelledError);
    expect(seen).toHaveLength(1);
  });

  it("listens to its signal no longer than it lasts", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...parts: Parameters<typeof add>) => {
      listeners += 1;
      add(...parts);
    };
    signal.removeEventListener = (...parts: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...parts);
    };
    const { fetch } = scriptedFetch(json(agentAnswer));
    await make({ fetch }).agents.get("agent_1", { signal });
    expect(listeners).toBe(0);
  });

  it("that is on its way when the client is closed ends with a ClosedError", async () => {
    const { fetch } = scriptedFetch(hang);
    const agentvm = make({ fetch });
    const call = rejectionOf(agentvm.agents.create("aider"));
    await settle();
    await agentvm.close();
    const error = await call;
    expect(error).toBeInstanceOf(ClosedError);
    expect(error).toMatchObject({ outcome: "unknown" });
  });

  it("that waits for its next try when the client is closed ends with a ClosedError", async () => {
    const { fetch } = scriptedFetch(cut);
    const agentvm = make({ fetch, clock: manualClock(), random: () => 0.5 });
    const call = rejectionOf(agentvm.agents.get("agent_1"));
    await settle();
    await agentvm.close();
    expect(await call).toBeInstanceOf(ClosedError);
  });

  it("after the client is closed is refused and sends nothing", async () => {
    const { fetch, seen } = scriptedFetch(json(agentAnswer));
    const agentvm = make({ fetch });
    await agentvm.close();
    const calls = [
      agentvm.agents.get("agent_1"),
      agentvm.agents.list(),
      agentvm.tasks.assign({ prompt: "Fix the jump" }),
      agentvm.tasks.handle("task_1").result(),
      agentvm.tasks.output("task_1").next(),
      agentvm.connect(),
      agentvm.system.health(),
      agentvm.batch([{ id: "1", method: "GET", path: "/agents" }]),
    ];
    for (const error of await Promise.all(calls.map((call) => rejectionOf(call)))) {
      expect(error).toMatchObject({ name: "ClosedError", outcome: "not_sent" });
    }
    expect(seen).toHaveLength(0);
  });
});

describe.each(transports)("closing an AgentVM %s", (_name, make) => {
  it("ends the waiting for tasks and leaves no timer", async () => {
    const clock = manualClock();
    let timers = 0;
    const counted = {
      now: () => clock.now(),
      setTimeout: (callback: () => void, ms: number) => {
        timers += 1;
        let over = false;
        const end = (): void => {
          if (!over) timers -= 1;
          over = true;
        };
        const cancel = clock.setTimeout(() => {
          end();
          callback();
        }, ms);
        return () => {
          end();
          cancel();
        };
      },
    };
    const { fetch } = scriptedFetch(json(taskAnswer()));
    const agentvm = make({ fetch, clock: counted });
    const result = rejectionOf(agentvm.tasks.handle("task_1").result({ timeoutMs: 60_000 }));
    const progress = agentvm.tasks.handle("task_1").progress();
    expect((await progress.next()).value).toMatchObject({ status: "running" });
    const next = rejectionOf(progress.next());
    await settle();
    await agentvm.close();
    expect(await result).toBeInstanceOf(ClosedError);
    expect(await next).toBeInstanceOf(ClosedError);
    await settle();
    expect(timers).toBe(0);
  });

  it("ends its game session at the server", async () => {
    const backend = createMockBackend({ seed: 1 });
    const agentvm = make({ ...backend.connection() });
    await agentvm.connect({ game_name: "My game" });
    expect(backend.engine.counts().sessions).toBe(1);
    await agentvm.close();
    expect(backend.engine.counts().sessions).toBe(0);
    expect(agentvm.state).toEqual({ status: "closed" });
    backend.close();
  });

  it("is done also where the server does not answer any more", async () => {
    const clock = manualClock();
    const backend = createMockBackend({ seed: 1 });
    let silent = false;
    const agentvm = make({
      ...backend.connection(),
      clock,
      fetch: (input, init) => (silent ? scriptedFetch(hang).fetch(input, init) : backend.fetch(input, init)),
    });
    await agentvm.connect();
    silent = true;
    await inTime(clock, agentvm.close());
    expect(agentvm.state).toEqual({ status: "closed" });
    backend.close();
  });

  it("can be asked for more than once, and by leaving a block", async () => {
    const { fetch } = scriptedFetch(json(agentAnswer));
    const agentvm = make({ fetch });
    {
      await using inBlock = agentvm;
      await inBlock.agents.get("agent_1");
    }
    expect(agentvm.state).toEqual({ status: "closed" });
    await agentvm.close();
  });
});
