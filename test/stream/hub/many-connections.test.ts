import { describe, expect, it } from "vitest";
import { DEFAULT_HUB_LIMITS } from "../../../mock-server/stream/index.js";
import { createLogRig, progressed, started } from "./log-rig.js";
import { createRig, KEY } from "./rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const seqs = (client: ScriptedConnection): number[] => client.stream.map(({ seq }) => seq);

describe("a thousand connections", () => {
  it("each get every event, in order", () => {
    const rig = createLogRig();
    const clients = Array.from({ length: 1_000 }, () => rig.join());
    for (let seq = 1; seq <= 20; seq += 1) rig.publish(started(seq, "agent_1"));
    const wanted = Array.from({ length: 20 }, (_, index) => index + 1);
    for (const client of clients) expect(seqs(client)).toEqual(wanted);
    expect(rig.hub.clients).toBe(1_000);
  });

  it("that hear the same are sent one and the same text", () => {
    const rig = createLogRig();
    const clients = Array.from({ length: 1_000 }, () => rig.join());
    let writings = 0;
    const event = started(1, "agent_1");
    const data = { ...event.data, toJSON: () => ((writings += 1), { ...event.data }) };
    rig.publish(Object.assign(event, { data }));
    expect(new Set(clients.map(({ sent }) => sent[1])).size).toBe(1);
    expect(writings).toBe(1);
  });

  it("that stopped reading are held to bounded memory together", () => {
    const rig = createLogRig(10_000, { socketBytesMax: 1_000, sendBufferMaxBytes: 20_000 });
    const clients = Array.from({ length: 1_000 }, () => rig.join());
    for (const client of clients) client.stuck = true;
    for (let seq = 1; seq <= 200; seq += 1) {
      rig.publish(seq % 4 === 0 ? started(seq, "agent_1") : progressed(seq, `task_${seq % 5}`, "agent_1"));
      expect(rig.hub.heldBytes).toBeLessThanOrEqual(1_000 * 20_000);
    }
    expect(clients.every(({ closing }) => closing === null || closing.code === 4413)).toBe(true);
  });

  it("have room unless told otherwise, and not without end", () => {
    const rig = createLogRig();
    const clients = Array.from({ length: DEFAULT_HUB_LIMITS.connectionsMax + 1 }, () => rig.join());
    expect(DEFAULT_HUB_LIMITS.connectionsMax).toBeGreaterThan(1_000);
    expect(clients.filter(({ closing }) => closing?.code === 1013)).toHaveLength(1);
  });

  it("opened and closed leave nothing behind", () => {
    const rig = createRig();
    for (let count = 0; count < 1_000; count += 1) rig.join().events.closed();
    expect([rig.hub.connections, rig.timers(), rig.hub.heldBytes]).toEqual([0, 0, 0]);
  });
});

describe("connections beyond the bound", () => {
  const codesOf = (clients: readonly ScriptedConnection[]) =>
    clients.map(({ closing }) => closing?.code ?? "in");

  it("are turned away as busy where they are of the game that has most, and those that are in stay", () => {
    const rig = createRig({}, { connectionsMax: 3 });
    const { session_token } = rig.game("one");
    const inside = [rig.join({ session_token }), rig.join({ session_token }), rig.join({ session_token })];
    const late = rig.join({ session_token });
    expect(late.closing).toEqual({ code: 1013, reason: "server busy: no place is free" });
    expect(late.sent).toEqual([]);
    expect(codesOf(inside)).toEqual(["in", "in", "in"]);
    inside[0]?.events.closed();
    expect(rig.join({ session_token }).welcome["type"]).toBe("welcome");
    expect([rig.hub.clients, rig.hub.connections]).toEqual([3, 3]);
  });

  it("take the places of a game that has more, so that no game keeps another away", () => {
    const rig = createRig({}, { connectionsMax: 6 });
    const [greedy, modest] = [rig.game("greedy"), rig.game("modest")];
    const crowd = Array.from({ length: 20 }, () => rig.join({ session_token: greedy.session_token }));
    const few = Array.from({ length: 4 }, () => rig.join({ session_token: modest.session_token }));
    expect(codesOf(few)).toEqual(["in", "in", "in", 1013]);
    expect(codesOf(crowd).filter((code) => code === "in")).toHaveLength(3);
    expect(codesOf(crowd.slice(0, 3))).toEqual(["in", "in", "in"]);
    expect(crowd[5]?.closing).toEqual({ code: 1013, reason: "server busy: others have fewer connections" });
    // A key is a caller of its own beside the games.
    expect(codesOf([rig.join()])).toEqual(["in"]);
    rig.call("agentCreate", { body: { agent_type: "aider", game_id: "modest" } });
    expect(codesOf(few.slice(0, 2))).toEqual(["in", "in"]);
    expect(few[0]?.ofType("agent.created")).toHaveLength(1);
    expect(rig.hub.clients).toBe(6);
  });
});

describe("connections that say nothing", () => {
  it("take no place of one that has said hello", () => {
    const rig = createRig({}, { connectionsMax: 2, waitingMax: 3 });
    const silent = Array.from({ length: 50 }, () => rig.open());
    expect(rig.join().welcome["type"]).toBe("welcome");
    expect(rig.join().welcome["type"]).toBe("welcome");
    expect(silent.filter(({ closing }) => closing === null)).toHaveLength(2);
    expect(silent[0]?.closing).toEqual({
      code: 1013,
      reason: "server busy: said no hello while others came",
    });
    expect([rig.hub.clients, rig.hub.connections]).toEqual([2, 4]);
  });

  it("make room for others in the order in which they came, first those of the address that has most", () => {
    const rig = createRig({}, { waitingMax: 4 });
    const many = [rig.open("192.0.2.1"), rig.open("192.0.2.1"), rig.open("192.0.2.1")];
    const other = [rig.open("192.0.2.2"), rig.open("192.0.2.2"), rig.open("192.0.2.3")];
    const isOpen = ({ closing }: ScriptedConnection) => closing === null;
    expect(many.map(isOpen)).toEqual([false, false, true]);
    expect(other.map(isOpen)).toEqual([true, true, true]);
    rig.open("192.0.2.2");
    expect(other.map(isOpen)).toEqual([false, true, true]);
  });

  it("leave a hello that comes at once its time, however many come and go", () => {
    const rig = createRig({}, { waitingMax: 100 });
    for (let round = 0; round < 50; round += 1) {
      const honest = rig.open();
      for (let count = 0; count < 99; count += 1) rig.open();
      honest.say({ type: "hello", protocol: 1, api_key: KEY });
      expect(honest.welcome["type"]).toBe("welcome");
    }
    expect([rig.hub.clients, rig.timers() > 0]).toEqual([50, true]);
    rig.hub.close();
    expect(rig.timers()).toBe(0);
  });
});

describe("a connection that misbehaves", () => {
  it("by throwing is cut, reported, and harms nobody", () => {
    const rig = createLogRig();
    const before = rig.join();
    const broken = rig.join();
    const after = rig.join();
    broken.breaks = new Error("the wire is cut");
    rig.publish(started(1, "agent_1"));
    rig.publish(started(2, "agent_1"));
    expect(broken.terminated).toBe(true);
    expect(rig.errors).toEqual([broken.breaks]);
    expect([seqs(before), seqs(after)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(rig.hub.connections).toBe(2);
  });

  it("by throwing at its welcome is cut", () => {
    const rig = createLogRig();
    const broken = rig.open();
    broken.breaks = new Error("the wire is cut");
    broken.say({ type: "hello", protocol: 1, api_key: "k" });
    expect(broken.terminated).toBe(true);
    expect(rig.hub.connections).toBe(0);
  });

  it("by throwing when it is closed is cut instead", () => {
    const rig = createLogRig();
    const broken = rig.join();
    broken.close = () => {
      throw new Error("cannot close");
    };
    broken.say("{");
    expect(broken.terminated).toBe(true);
    expect(rig.hub.connections).toBe(0);
  });

  it("by throwing whatever is asked of it still harms nobody", () => {
    const rig = createLogRig();
    const broken = rig.join();
    const other = rig.join();
    const fail = (): never => {
      throw new Error("no");
    };
    Object.assign(broken, { send: fail, close: fail, terminate: fail });
    rig.publish(started(1, "agent_1"));
    rig.hub.close();
    expect(seqs(other)).toEqual([1]);
    expect(other.closing?.code).toBe(1012);
  });

  it("by sending a command inside of a delivery does not disturb the order of others", () => {
    const rig = createRig();
    rig.call("agentCreate", { body: { agent_type: "aider" } });
    const quick = rig.join();
    const other = rig.join();
    const send = quick.send.bind(quick);
    let asked = false;
    quick.send = (text) => {
      send(text);
      if (asked) return;
      asked = true;
      quick.say({ type: "command", id: "c1", method: "tasks.assign", params: { prompt: "p" } });
    };
    rig.call("agentCreate", { body: { agent_type: "claude" } });
    expect(other.stream.length).toBeGreaterThan(2);
    expect(seqs(other)).toEqual(other.stream.map((_, index) => index + 2));
    expect(seqs(quick)).toEqual(seqs(other));
  });

  it("by causing an event inside of a delivery does not make others hear it first", () => {
    const rig = createLogRig();
    const quick = rig.join();
    const other = rig.join();
    const send = quick.send.bind(quick);
    let seq = 1;
    quick.send = (text) => {
      send(text);
      if (seq < 5) rig.publish(started((seq += 1), "agent_1"));
    };
    rig.publish(started(1, "agent_1"));
    expect([seqs(quick), seqs(other)]).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
  });

  it("by closing inside of a delivery is gone, and the others are served", () => {
    const rig = createLogRig();
    const clients = Array.from({ length: 5 }, () => rig.join());
    for (const client of clients) {
      const send = client.send.bind(client);
      client.send = (text) => {
        send(text);
        if (client === clients[2]) client.events.closed();
      };
    }
    rig.publish(started(1, "agent_1"));
    expect(clients.map((client) => seqs(client))).toEqual([[1], [1], [1], [1], [1]]);
    expect(rig.hub.connections).toBe(4);
  });
});

describe("a hub that closes", () => {
  it("closes every connection with 1012 and takes no other", () => {
    const rig = createRig();
    const clients = [rig.open(), rig.join(), rig.join({ session_token: rig.game().session_token })];
    rig.hub.close();
    const late = rig.open();
    const leaving = { code: 1012, reason: "server restarting" };
    expect([...clients, late].map(({ closing }) => closing)).toEqual([leaving, leaving, leaving, leaving]);
    expect([rig.hub.clients, rig.hub.connections, rig.timers()]).toEqual([0, 0, 0]);
  });

  it("no longer hears the log, and may be closed twice", () => {
    const rig = createLogRig();
    const client = rig.join();
    rig.hub.close();
    rig.hub.close();
    rig.publish(started(1, "agent_1"));
    expect(seqs(client)).toEqual([]);
    expect(rig.log.hasListeners).toBe(false);
  });
});
