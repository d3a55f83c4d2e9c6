import { describe, expect, it } from "vitest";
import { closeCodes } from "../../../src/contract/index.js";
import { BACKOFF_CAP_MS, BUSY_WAIT_MS, WAKE_SPREAD_MS } from "../../../src/client/stream/backoff.js";
import { describe as describeState } from "../../../src/client/stream/machine.js";
import type { Input } from "../../../src/client/stream/machine-types.js";
import { phases } from "../../../src/client/stream/phases.js";
import { RECOVERY_BUFFER_MAX, STRIKES_MAX } from "../../../src/client/stream/receive.js";
import { STEADY_MS, WELCOME_TIMEOUT_MS } from "../../../src/client/stream/transitions.js";
import { agent, eventFrame, latestFrame, timeIn, welcome } from "./support/frames.js";
import { MachineRunner } from "./support/machine-runner.js";

const make = () => new MachineRunner();

/** A machine in each state. */
const inPhase = {
  idle: () => make(),
  connecting: () => make().open(),
  authenticating: () => make().open().toHello(),
  live: () => make().toLive(),
  recovering: () => make().toRecovering(),
  waiting: () => make().toLive().closed(1006),
  stopped: () => make().toLive().closed(4403),
  closed: () => make().toLive().do({ type: "close" }),
} satisfies Record<keyof typeof phases, () => MachineRunner>;

const phaseNames = Object.keys(inPhase).filter((name): name is keyof typeof phases => name in phases);

describe("The states of the connection", () => {
  it.each(phaseNames)("a machine can be brought into %s", (name) => {
    expect(inPhase[name]().state.phase).toBe(name);
  });

  it.each(phaseNames)("from %s, close leads to closed with every timer of the table cancelled", (name) => {
    const machine = inPhase[name]().do({ type: "close" });
    expect(machine.state.phase).toBe("closed");
    if (name === "closed") return;
    const cancelled = machine.effects.flatMap((effect) =>
      effect.type === "cancel_timer" ? [effect.name] : [],
    );
    expect(cancelled).toEqual([...phases[name].timers]);
    expect(machine.types.includes("drop")).toBe(phases[name].connected);
  });

  it.each(phaseNames)("from %s, a closed socket leads where the table says", (name) => {
    const machine = inPhase[name]().closed(1006);
    expect(machine.state.phase).toBe(phases[name].onFailure ?? name);
  });

  it.each(phaseNames)("in %s, events are told, held back or ignored as the table says", (name) => {
    const machine = inPhase[name]().message(eventFrame(91, { prev: 10 }));
    expect(machine.told.length > 0).toBe(phases[name].maySend);
    const held = machine.state.phase === "recovering" ? machine.state.buffer.length : 0;
    expect(held > 0).toBe(phases[name].mayQueue);
  });

  it("nothing leads out of closed", () => {
    const machine = inPhase.closed();
    const before = machine.state;
    const inputs: Input[] = [
      { type: "open", subscribe: {}, resume: null },
      { type: "wake" },
      { type: "timer", name: "retry" },
      { type: "credentials_ready", connection: before.connection },
      { type: "close" },
    ];
    for (const input of inputs) expect(machine.do(input).state).toBe(before);
  });

  it("open leads out of stopped", () => {
    expect(inPhase.stopped().open().state.phase).toBe("connecting");
  });

  it.each(phaseNames)("in %s, answers to an older connection change nothing", (name) => {
    const machine = inPhase[name]();
    const before = machine.state;
    const connection = before.connection - 1;
    const inputs: Input[] = [
      { type: "credentials_ready", connection },
      { type: "game_connected", connection },
      { type: "credentials_failed", connection, final: true },
      { type: "socket_opened", connection },
      { type: "socket_closed", connection, code: 4403 },
      { type: "snapshot_failed", connection },
    ];
    for (const input of inputs) expect(machine.do(input).state).toBe(before);
  });

  it.each(phaseNames)("in %s, the state as the user sees it has that name", (name) => {
    expect(describeState(inPhase[name]().state).status).toBe(name);
  });

  it("holds no credentials in any state", () => {
    for (const name of phaseNames) expect(JSON.stringify(inPhase[name]().state)).not.toMatch(/token|api_key/);
  });
});

describe("Connecting", () => {
  it("gets credentials, opens the socket, says hello, and is live with the welcome", () => {
    const machine = make().open();
    expect(machine.effect("get_credentials")).toMatchObject({ fresh: false });
    expect(machine.answer("credentials_ready").types).toContain("open_socket");
    expect(machine.answer("socket_opened").effect("send_hello")).toEqual({
      type: "send_hello",
      resume: null,
      subscribe: { game_id: "game_1" },
    });
    expect(machine.message(welcome({ seq: 7 })).state).toMatchObject({
      phase: "live",
      cursor: { epoch: "epoch_1", seq: 7 },
    });
  });

  it("resumes from the last event that was told", () => {
    const machine = make().toLive().message(eventFrame(11)).closed(1006).timer("retry").toHello();
    expect(machine.effect("send_hello")?.resume).toEqual({ epoch: "epoch_1", seq: 11 });
  });

  it("begins where `open` says", () => {
    const resume = { epoch: "epoch_1", seq: 3 };
    const machine = make().do({ type: "open", subscribe: {}, resume }).toHello();
    expect(machine.effect("send_hello")?.resume).toEqual(resume);
  });

  it("gives up on a server that sends no welcome in time", () => {
    const machine = make().open().toHello();
    machine.now += WELCOME_TIMEOUT_MS;
    expect(machine.timer("deadline").state).toMatchObject({
      phase: "waiting",
      reason: "no welcome in time",
    });
    expect(machine.effect("drop")).toMatchObject({ dead: true });
  });

  it("stops at a server that speaks another protocol", () => {
    expect(
      make()
        .open()
        .toHello()
        .message(welcome({ protocol: 2 })).state,
    ).toMatchObject({
      phase: "stopped",
      reason: "another protocol",
    });
  });

  it("stops when credentials are refused for good, and tries again when they are not", () => {
    const failed = (final: boolean) => {
      const machine = make().open();
      return machine.do({ type: "credentials_failed", connection: machine.state.connection, final }).state
        .phase;
    };
    expect(failed(true)).toBe("stopped");
    expect(failed(false)).toBe("waiting");
  });

  it("follows a new subscription over a new connection, from where it is", () => {
    const machine = make().toLive();
    machine.do({ type: "open", subscribe: { types: ["task.*"] }, resume: null });
    expect(machine.types).toContain("drop");
    expect(machine.toHello().effect("send_hello")).toMatchObject({
      resume: { seq: 10 },
      subscribe: { types: ["task.*"] },
    });
  });
});

describe("Close codes", () => {
  const after = (code: number) => make().toLive().closed(code);

  it.each(Object.entries(closeCodes))("obeys %s as the contract says", (text, { client }) => {
    const machine = after(Number(text));
    const { phase } = machine.state;
    switch (client) {
      case "stop":
        expect(phase).toBe("stopped");
        return;
      case "one fresh token, then stop":
        expect(machine.effect("get_credentials")).toMatchObject({ fresh: true });
        return;
      case "connect the game again":
        expect(machine.types).toContain("connect_game");
        return;
      case "resume":
        expect(phase).toBe("connecting");
        return;
      case "reconnect":
        expect(machine.state).toMatchObject({ phase: "waiting", notBefore: machine.now });
        return;
      case "reconnect later":
        expect(machine.state).toMatchObject({ phase: "waiting", notBefore: machine.now + BUSY_WAIT_MS });
    }
  });

  it("stops at the second 4401 in a row", () => {
    const machine = after(4401).toHello().closed(4401);
    expect(machine.state).toMatchObject({ phase: "stopped", reason: "unauthorized", closeCode: 4401 });
  });

  it("forgives a 4401 after a steady connection", () => {
    const machine = after(4401)
      .toHello()
      .message(welcome({ seq: 10, recovered: true }));
    machine.now += STEADY_MS;
    expect(machine.closed(4401).state.phase).toBe("connecting");
  });

  it("after 4410 connects the game, then gets credentials, then opens the socket", () => {
    const machine = after(4410);
    expect(machine.types).not.toContain("get_credentials");
    expect(machine.answer("game_connected").types).toEqual(["get_credentials"]);
    expect(machine.answer("credentials_ready").types).toContain("open_socket");
  });

  it("connects the game at the next try as well when the first did not work", () => {
    const machine = after(4410);
    machine.do({ type: "game_failed", connection: machine.state.connection, final: false });
    expect(machine.timer("retry").types).toContain("connect_game");
  });

  it("stops at 4410 when there is no way to connect the game", () => {
    const machine = new MachineRunner(false).toLive().closed(4410);
    expect(machine.state).toMatchObject({ phase: "stopped", reason: "session expired" });
  });

  it("resumes at once after 4413 the first time and after backoff the next, until it was steady", () => {
    const machine = after(4413);
    expect(machine.state.phase).toBe("connecting");
    machine.toHello().message(welcome({ seq: 10, recovered: true }));
    expect(machine.closed(4413).state.phase).toBe("waiting");
    machine
      .timer("retry")
      .toHello()
      .message(welcome({ seq: 10, recovered: true }));
    machine.now += STEADY_MS;
    expect(machine.closed(4413).state.phase).toBe("connecting");
  });

  it.each([1000, 1005, 1006, 1011, 4000, 4499])(
    "reconnects after %s, which the contract does not name",
    (code) => {
      expect(after(code).state).toMatchObject({
        phase: "waiting",
        reason: "connection lost",
        closeCode: code,
      });
    },
  );
});

describe("Backoff", () => {
  /** The delay before the nth retry of a server that never answers. */
  const delays = (chance: number, tries: number) => {
    const machine = make().open();
    machine.chance = chance;
    return Array.from({ length: tries }, () => {
      machine.answer("credentials_ready").closed(1006);
      const delay = machine.effect("set_timer")?.delayMs;
      machine.timer("retry");
      return delay;
    });
  };

  it("doubles its ceiling from 250 ms to 30 s", () => {
    expect(delays(0.999_999_999, 9)).toEqual([249, 499, 999, 1_999, 3_999, 7_999, 15_999, 29_999, 29_999]);
  });

  it("has full jitter from the first retry on: the floor is nothing", () => {
    expect(delays(0, 3)).toEqual([0, 0, 0]);
  });

  it("never waits longer than the cap, however often it fails", () => {
    for (const delay of delays(0.999_999_999, 2_000)) expect(delay).toBeLessThan(BACKOFF_CAP_MS);
  });

  it("begins anew only after a steady connection", () => {
    const attemptAfter = (lastedMs: number) => {
      const machine = make().toLive().closed(1006).timer("retry").toHello();
      machine.message(welcome({ seq: 10, recovered: true }));
      machine.now += lastedMs;
      const { state } = machine.closed(1006);
      return state.attempt;
    };
    expect(attemptAfter(STEADY_MS - 1)).toBe(2);
    expect(attemptAfter(STEADY_MS)).toBe(1);
  });

  it("tells the next try's time", () => {
    const machine = make().toLive().closed(1006);
    expect(describeState(machine.state)).toEqual({
      status: "waiting",
      attempt: 1,
      retryAt: machine.now + 125,
      reason: "connection lost",
      closeCode: 1006,
    });
  });
});

describe("A wake", () => {
  it("brings a far retry near, with some jitter", () => {
    const machine = make().open();
    for (let tries = 0; tries < 8; tries += 1)
      machine.answer("credentials_ready").closed(1006).timer("retry");
    machine.answer("credentials_ready").closed(1006);
    const soon = Math.floor(machine.chance * WAKE_SPREAD_MS);
    expect(machine.do({ type: "wake" }).effect("set_timer")).toMatchObject({ name: "retry", delayMs: soon });
    expect(describeState(machine.state)).toMatchObject({ retryAt: machine.now + soon });
  });

  it("does not put a near retry off", () => {
    const machine = make().toLive();
    machine.chance = 0.1;
    machine.closed(1006);
    machine.chance = 0.9;
    expect(machine.do({ type: "wake" }).effects).toEqual([]);
  });

  it("does not come back to a busy server before the time", () => {
    const machine = make().toLive().closed(1013);
    machine.do({ type: "wake" });
    expect(describeState(machine.state)).toMatchObject({ retryAt: machine.now + BUSY_WAIT_MS });
  });

  it("finds a connection dead that was silent for two beats", () => {
    const machine = make().toLive();
    machine.now += 29_999;
    expect(machine.do({ type: "wake" }).state.phase).toBe("live");
    machine.now += 1;
    expect(machine.do({ type: "wake" }).state.phase).toBe("connecting");
  });

  it("gives up on a welcome that is late", () => {
    const machine = make().open().toHello();
    machine.now += 3_600_000;
    expect(machine.do({ type: "wake" }).state).toMatchObject({ phase: "waiting" });
  });
});

describe("Liveness", () => {
  it("answers a ping with its t", () => {
    expect(make().toLive().message({ type: "ping", t: 42 }).effects).toEqual([{ type: "send_pong", t: 42 }]);
  });

  it("takes two missed beats for a dead peer, and resumes at once", () => {
    const machine = make().toLive();
    machine.now += 30_000;
    machine.timer("beat");
    expect(machine.state.phase).toBe("connecting");
    expect(machine.effect("drop")).toEqual({ type: "drop", dead: true });
  });

  it("stays while anything is heard", () => {
    const machine = make().toLive();
    for (let beat = 0; beat < 10; beat += 1) {
      machine.now += 20_000;
      machine.message({ type: "ping", t: 1 }).timer("beat");
    }
    expect(machine.state.phase).toBe("live");
  });

  it("sees a sleep by the first thing that comes after it, and drops what was left in the line", () => {
    const machine = make().toLive();
    machine.now += 3_600_000;
    machine.message(eventFrame(11));
    expect(machine.told).toEqual([]);
    expect(machine.toHello().effect("send_hello")?.resume).toEqual({ epoch: "epoch_1", seq: 10 });
  });

  it("is not fooled by a clock that was set back", () => {
    const machine = make().toLive();
    machine.now -= 3_600_000;
    machine.timer("beat");
    machine.now += 30_000;
    expect(machine.timer("beat").state.phase).toBe("connecting");
  });

  it("looks at the clock no more often than it has to, whatever heartbeat the server asks for", () => {
    const delayFor = (heartbeat_ms: number) =>
      make().open().toHello().message(welcome({ heartbeat_ms })).effect("set_timer")?.delayMs;
    expect(delayFor(0.000_1)).toBe(10);
    expect(delayFor(1_000)).toBe(1_000);
    expect(delayFor(1e300)).toBe(5_000);
  });
});

describe("Continuity", () => {
  it("tells an event that follows, once", () => {
    const machine = make().toLive();
    expect(machine.message(eventFrame(11)).told).toEqual([11]);
    expect(machine.message(eventFrame(11)).told).toEqual([]);
    expect(machine.message(eventFrame(9)).told).toEqual([]);
  });

  it("tells moves beside the stream as they come, and stays where it is in it", () => {
    const machine = make().toLive();
    expect(machine.message(latestFrame(["agent_1", 10, 1, 1], ["agent_2", 10, 1, 1])).told).toEqual([10, 10]);
    expect(machine.message(latestFrame(["agent_1", 15, 2, 2])).told).toEqual([15]);
    expect(machine.state.cursor?.seq).toBe(10);
    expect(machine.message(eventFrame(11)).told).toEqual([11]);
    machine.closed(1006).timer("retry").answer("credentials_ready").answer("socket_opened");
    expect(machine.effect("send_hello")?.resume).toEqual({ epoch: "epoch_1", seq: 11 });
  });

  it("takes a move that stands in the stream, as servers of before send it", () => {
    const [move] = [latestFrame(["agent_1", 11, 1, 1])["events"]].flat();
    const machine = make().toLive();
    expect(machine.message({ ...Object(move), prev: 10 }).told).toEqual([11]);
    expect(machine.state.cursor?.seq).toBe(11);
  });

  it("takes seqs that were filtered out for no hole", () => {
    const machine = make()
      .toLive()
      .message(eventFrame(20, { prev: 10 }));
    expect(machine.told).toEqual([20]);
  });

  it("takes a prev that is older than what is held for no hole", () => {
    expect(
      make()
        .toLive()
        .message(eventFrame(15, { prev: 4 })).told,
    ).toEqual([15]);
  });

  it("resumes at once at a hole, from the last event before it, and tells nothing of what is after it", () => {
    const machine = make().toLive().message(eventFrame(12));
    expect(machine.told).toEqual([]);
    expect(machine.state.phase).toBe("connecting");
    expect(machine.toHello().effect("send_hello")?.resume).toEqual({ epoch: "epoch_1", seq: 10 });
  });

  it("resumes when an event of another epoch comes", () => {
    const machine = make()
      .toLive()
      .message(eventFrame(11, { epoch: "epoch_2" }));
    expect(machine.state.phase).toBe("connecting");
  });

  it("counts an event that does not fit the contract as had, and reports it", () => {
    const machine = make()
      .toLive()
      .message(eventFrame(11, { data: { agent_id: 7 } }));
    expect(machine.effect("problem")?.problem).toContain("agent_id");
    expect(machine.message(eventFrame(12)).told).toEqual([12]);
  });

  it("delivers an event of unknown type as it is", () => {
    const machine = make()
      .toLive()
      .message(eventFrame(11, { type: "agent.danced", data: [1] }));
    expect(machine.effect("event")?.event).toMatchObject({ type: "agent.danced", seq: 11, data: [1] });
  });

  it("gives up what cannot be read after several resumes, and says so by a gap", () => {
    const machine = make().toLive();
    for (let strike = 0; strike < STRIKES_MAX; strike += 1) {
      machine.message("{ garbage").message(eventFrame(12));
      if (machine.state.phase === "waiting") machine.timer("retry");
      machine.toHello().message(welcome({ seq: 12, recovered: true }));
    }
    expect(machine.state).toMatchObject({ phase: "recovering", reason: "unreadable" });
    machine.do({
      type: "snapshot_ready",
      connection: machine.state.connection,
      snapshot: { agents: [], cursor: { epoch: "epoch_1", seq: 12 } },
    });
    expect(machine.effect("gap")?.gap).toMatchObject({ reason: "unreadable", from: { seq: 10 } });
    expect(machine.message(eventFrame(13)).told).toEqual([13]);
  });

  it("does not give up for holes alone", () => {
    const machine = make().toLive();
    for (let hole = 0; hole < 3 * STRIKES_MAX; hole += 1) {
      machine.message(eventFrame(12));
      if (machine.state.phase === "waiting") machine.timer("retry");
      machine.toHello().message(welcome({ seq: 12, recovered: true }));
    }
    expect(machine.state.phase).toBe("live");
  });
});

describe("Recovery", () => {
  const snapshot = (seq: number, epoch = "epoch_1") => ({
    agents: [agent("agent_1")],
    cursor: { epoch, seq },
  });
  const ready = (machine: MachineRunner, seq: number, epoch?: string) =>
    machine.do({
      type: "snapshot_ready",
      connection: machine.state.connection,
      snapshot: snapshot(seq, epoch),
    });

  it("takes a snapshot of the game when the buffer was outrun", () => {
    expect(make().toRecovering().effect("take_snapshot")).toMatchObject({ gameId: "game_1" });
  });

  it("tells one gap, then what came after the snapshot, and nothing that is in it", () => {
    const machine = make().toRecovering();
    for (const seq of [91, 92, 93]) machine.message(eventFrame(seq));
    ready(machine, 92);
    const told = machine.effects.flatMap((effect) =>
      effect.type === "gap" ? ["gap"] : effect.type === "event" ? [`event ${effect.event.seq}`] : [],
    );
    expect(told).toEqual(["gap", "event 93"]);
    expect(machine.effect("gap")?.gap).toEqual({
      type: "gap",
      reason: "buffer_outrun",
      from: { epoch: "epoch_1", seq: 10 },
      to: { epoch: "epoch_1", seq: 92 },
      agents: [agent("agent_1")],
    });
    expect(machine.message(eventFrame(94)).told).toEqual([94]);
  });

  it.each([
    ["epoch_changed", welcome({ epoch: "epoch_2", seq: 4 })],
    ["cursor_ahead", welcome({ seq: 9 })],
    ["buffer_outrun", welcome({ seq: 10_000 })],
  ])("says why: %s", (reason, hello) => {
    const machine = make().toLive().closed(1006).timer("retry").toHello().message(hello);
    expect(machine.state).toMatchObject({ phase: "recovering", reason });
  });

  it("does not believe a server that claims to have recovered another epoch", () => {
    const machine = make().toLive().closed(1006).timer("retry").toHello();
    machine.message(welcome({ epoch: "epoch_2", recovered: true }));
    expect(machine.state.phase).toBe("recovering");
  });

  it("tells the gap without a snapshot where the stream follows no one game", () => {
    const machine = make().do({ type: "open", subscribe: {}, resume: null }).toHello();
    machine
      .message(welcome({ seq: 10 }))
      .closed(1006)
      .timer("retry")
      .toHello();
    machine.message(welcome({ seq: 90 }));
    expect(machine.effect("gap")?.gap).toMatchObject({ from: { seq: 10 }, to: { seq: 90 }, agents: null });
    expect(machine.message(eventFrame(91)).told).toEqual([91]);
  });

  it("asks for the snapshot again after backoff, and holds events back meanwhile", () => {
    const machine = make().toRecovering();
    machine.do({ type: "snapshot_failed", connection: machine.state.connection });
    expect(machine.effect("set_timer")).toEqual({ type: "set_timer", name: "retry", delayMs: 125 });
    machine.message(eventFrame(91));
    expect(machine.timer("retry").types).toContain("take_snapshot");
    expect(ready(machine, 90).told).toEqual([91]);
  });

  it("asks again when the snapshot does not come in time", () => {
    const machine = make().toRecovering().timer("deadline");
    expect(machine.effect("set_timer")?.name).toBe("retry");
    expect(machine.state.phase).toBe("recovering");
  });

  it("holds a bounded number of events back, and past it resumes from the snapshot", () => {
    const machine = make().toRecovering();
    for (let seq = 91; seq <= 91 + RECOVERY_BUFFER_MAX + 10; seq += 1) machine.message(eventFrame(seq));
    expect(machine.state).toMatchObject({ phase: "recovering", overflowed: true, buffer: [] });
    ready(machine, 92);
    expect(machine.told).toEqual([]);
    expect(machine.types.filter((type) => type === "gap")).toHaveLength(1);
    if (machine.state.phase === "waiting") machine.timer("retry");
    expect(machine.toHello().effect("send_hello")?.resume).toEqual({ epoch: "epoch_1", seq: 92 });
  });

  it("holds the newest move of each agent back where it happened, and tells none that the snapshot has", () => {
    const machine = new MachineRunner().toRecovering();
    machine
      .message(latestFrame(["agent_1", 90, 1, 1], ["agent_2", 90, 2, 1], ["agent_3", 90, 3, 1]))
      .message(eventFrame(91))
      .message(latestFrame(["agent_1", 91, 4, 4], ["agent_2", 91, 5, 6]))
      .message(eventFrame(92))
      .message(latestFrame(["agent_4", 92, 6, 7]));
    const changed = (id: string) => agent(id, { updated_at: timeIn(5) });
    const snapshot = {
      agents: [changed("agent_1"), changed("agent_2")],
      cursor: { epoch: "epoch_1", seq: 91 },
    };
    machine.do({ type: "snapshot_ready", connection: machine.state.connection, snapshot });
    const told = machine.effects.flatMap((effect) => (effect.type === "event" ? [effect.event] : []));
    expect(told.map(({ type, seq }) => `${type.toString()} ${seq}`)).toEqual([
      "agent.moved 91",
      "agent.removed 92",
      "agent.moved 92",
    ]);
    expect(told[0]).toMatchObject({ data: { agent_id: "agent_2", position: { x: 5 } } });
    expect(machine.state.cursor?.seq).toBe(92);
  });

  it("holds back however many moves there are of a thousand agents", () => {
    const machine = new MachineRunner().toRecovering();
    for (let x = 1; x <= 3; x += 1)
      machine.message(
        latestFrame(...Array.from({ length: 1_500 }, (_, index) => [`agent_${index}`, 90, x, x] as const)),
      );
    const snapshot = { agents: [], cursor: { epoch: "epoch_1", seq: 90 } };
    machine.do({ type: "snapshot_ready", connection: machine.state.connection, snapshot });
    expect(machine.state.phase).toBe("live");
    expect(machine.types.filter((type) => type === "event")).toHaveLength(1_500);
  });

  it("resumes from the snapshot when events between it and the stream are missing", () => {
    const machine = make()
      .toRecovering()
      .message(eventFrame(95, { prev: 94 }));
    ready(machine, 90);
    expect(machine.told).toEqual([]);
    expect(machine.state.cursor).toEqual({ epoch: "epoch_1", seq: 90 });
    expect(["connecting", "waiting"]).toContain(machine.state.phase);
  });

  it("begins again, with no gap told, when the snapshot is of another epoch", () => {
    const machine = make().toRecovering();
    ready(machine, 3, "epoch_2");
    expect(machine.types).not.toContain("gap");
    expect(machine.state.cursor).toEqual({ epoch: "epoch_1", seq: 10 });
  });

  it("tells one gap even when the connection is lost while the snapshot is taken", () => {
    const machine = make().toRecovering().closed(1006).timer("retry").toHello();
    machine.message(welcome({ seq: 120 }));
    expect(ready(machine, 125).effect("gap")?.gap).toMatchObject({ from: { seq: 10 }, to: { seq: 125 } });
  });
});
