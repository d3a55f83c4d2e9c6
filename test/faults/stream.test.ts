import { afterEach, describe, expect, it } from "vitest";
import type { BackendOptions, Fault } from "../../mock-server/testing.js";
import type { StreamEvent } from "../../src/index.js";
import type { AnyAgentVM } from "../sdk/transports.js";
import { inTime, settle } from "../sdk/time.js";
import { liveRigs } from "./hosts.js";
import type { Rig, StartRig } from "./hosts.js";

/** A client that is live, and what it hears. */
interface Live {
  readonly rig: Rig;
  readonly agentvm: AnyAgentVM;
  readonly states: string[];
  readonly heard: StreamEvent[];
  /** Moves the clock on until something is so. */
  until(isSo: () => boolean): Promise<void>;
}

async function live(start: StartRig, options?: BackendOptions): Promise<Live> {
  const rig = await start(options);
  const agentvm = rig.client();
  const states: string[] = [];
  const heard: StreamEvent[] = [];
  agentvm.on("connection", ({ current }) => states.push(current.status));
  agentvm.on("*", (event) => heard.push(event));
  await inTime(rig.backend.clock, agentvm.connect({ game_name: "Faulty" }));
  const until = async (isSo: () => boolean): Promise<void> => {
    for (let step = 0; !isSo(); step += 1) {
      if (step > 5_000)
        throw new Error(`Not so after ${step} steps; heard ${heard.map(({ type }) => type).join()}.`);
      await settle(4);
      if (!isSo()) rig.backend.clock.advance(50);
    }
  };
  await until(() => agentvm.state.status === "live");
  return { rig, agentvm, states, heard, until };
}

describe.each(liveRigs)("faults of the stream %s", (_name, start: StartRig) => {
  let open: Live | null = null;
  const begin = async (options?: BackendOptions): Promise<Live> => (open = await live(start, options));

  afterEach(async () => {
    await open?.agentvm.close();
    await open?.rig.close();
    open = null;
  });

  const played = async ({ rig, agentvm, until }: Live): Promise<string> => {
    await inTime(rig.backend.clock, agentvm.agents.create("aider"));
    const task = await inTime(rig.backend.clock, agentvm.tasks.assign({ prompt: "Fix the jump" }));
    await until(
      () => rig.backend.engine.counts().completed_tasks + rig.backend.engine.counts().failed_tasks > 0,
    );
    return task.id;
  };

  it.each([
    { stream: "cut", event: "task.progress", times: 1 },
    { stream: "garbage", event: "task.progress", times: 1 },
    { stream: "close", event: "task.progress", closeCode: 1013, times: 1 },
    { stream: "duplicate", event: "task.progress" },
    { stream: "latency", event: "task.*", latency: 700, jitter: 300 },
    { stream: "cut", event: "task.progress", skip: 1, times: 2 },
  ] satisfies Fault[])("lose and repeat nothing for who listens: %j", async (fault) => {
    const one = await begin();
    const added = one.rig.backend.faults.add(fault);
    const id = await played(one);
    await one.until(() => one.heard.some(({ type }) => type === "task.completed" || type === "task.failed"));
    const seqs = one.heard.flatMap((event) =>
      event.type === "gap" || event.type === "agent.moved" ? [] : [event.seq],
    );
    expect(added.used).toBeGreaterThan(0);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    const told = one.heard.flatMap((event) => (event.type === "task.started" ? [event.data.task_id] : []));
    expect(told).toEqual([id]);
  });

  it("cut the connections that are open, at once", async () => {
    const one = await begin();
    const fault = one.rig.backend.faults.add({ stream: "cut", times: 1 });
    expect(fault.used).toBe(1);
    await one.until(
      () => one.states.includes("waiting") || one.states.filter((state) => state === "live").length > 1,
    );
    await one.until(() => one.agentvm.state.status === "live");
  });

  it("keep the stream down for as long as they are there", async () => {
    const one = await begin();
    const fault = one.rig.backend.faults.add({ stream: "cut" });
    await one.until(() => fault.used > 2);
    expect(one.agentvm.state.status).not.toBe("live");
    fault();
    await one.until(() => one.agentvm.state.status === "live");
  });

  it("close with the code that was asked for", async () => {
    const one = await begin();
    one.rig.backend.faults.add({ stream: "close", closeCode: 4403 });
    await one.until(() => one.agentvm.state.status === "stopped");
  });

  it("answer a command with an error, and the work is not done", async () => {
    const one = await begin();
    await inTime(one.rig.backend.clock, one.agentvm.agents.create("aider"));
    const fault = one.rig.backend.faults.add({ route: "taskAssign", code: "storage_full", times: 1 });
    const call = inTime(one.rig.backend.clock, one.agentvm.tasks.assign({ prompt: "Fix the jump" }));
    await expect(call).rejects.toMatchObject({ code: "storage_full" });
    expect([fault.used, one.rig.backend.engine.counts().pending_tasks]).toEqual([1, 0]);
  });

  it.each([{ answer: "reset_peer", after: true }, { answer: "limit_data" }] satisfies Fault[])(
    "lose the ack of a command that was done, which is not done twice: %j",
    async (fault) => {
      const one = await begin();
      await inTime(one.rig.backend.clock, one.agentvm.agents.create("aider"));
      one.rig.backend.faults.add({ route: "taskAssign", times: 1, ...fault });
      const { id } = await inTime(
        one.rig.backend.clock,
        one.agentvm.tasks.assign({ prompt: "Fix the jump" }),
      );
      await one.until(() =>
        one.heard.some(({ type }) => type === "task.completed" || type === "task.failed"),
      );
      const ids = one.heard.flatMap((event) => (event.type === "task.assigned" ? [event.data.task.id] : []));
      expect(ids).toEqual([id]);
    },
  );
});

describe("faults of the stream, with all time on one clock", () => {
  const onOneClock = liveRigs.flatMap(([name, start]) => (/page|MSW/.test(name) ? [start] : []));

  it.each(onOneClock)("leave a connection half open, which the client finds out by itself", async (start) => {
    const one = await live(start);
    const fault = one.rig.backend.faults.add({ stream: "half_open", times: 1 });
    await settle();
    expect([fault.used, one.agentvm.state.status]).toEqual([1, "live"]);
    await one.until(() => one.states.filter((status) => status === "live").length > 1);
    expect(one.rig.backend.hub.clients).toBe(1);
    await one.rig.close();
  });

  it.each(onOneClock)("cut what was half open when they are removed", async (start) => {
    const one = await live(start);
    const fault = one.rig.backend.faults.add({ stream: "half_open", times: 1 });
    fault();
    await settle();
    expect(one.states.at(-1)).toBe("waiting");
    await one.rig.close();
  });

  it.each(onOneClock)(
    "swallow the ack of a command that was done, which is not done twice",
    async (start) => {
      const one = await live(start);
      const { clock, faults, engine } = one.rig.backend;
      await inTime(clock, one.agentvm.agents.create("aider"));
      faults.add({ route: "taskAssign", answer: "timeout", after: true, times: 1 });
      const { id } = await inTime(clock, one.agentvm.tasks.assign({ prompt: "Fix the jump" }));
      const { pending_tasks, active_tasks, completed_tasks, failed_tasks } = engine.counts();
      expect([typeof id, pending_tasks + active_tasks + completed_tasks + failed_tasks]).toEqual([
        "string",
        1,
      ]);
      await one.rig.close();
    },
  );
});
