import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { DETAIL_BANDS, bandAt } from "../../../src/contract/index.js";
import { createRig } from "./rig.js";
import type { Rig } from "./rig.js";
import type { ScriptedConnection } from "./scripted-connection.js";

const BANDS = [
  { within: 10, every_ms: 100 },
  { within: 100, every_ms: 1_000 },
];
const origin = { x: 0, y: 0, z: 0 };

/** An agent at some distance from the origin, and a client whose viewer is there. */
function stage({ distance = 0, bands = BANDS }: { distance?: number; bands?: typeof BANDS } = {}) {
  const rig = createRig({}, { socketBytesMax: 1_000 });
  const agentId: string = rig.call("agentCreate", {
    body: { agent_type: "aider", position: at(distance) },
  }).agent_id;
  const client = rig.join();
  client.say({ type: "viewer", position: origin, bands });
  return { rig, agentId, client };
}

const at = (x: number) => ({ x, y: 0, z: 0 });

let serial = 0;
function move(rig: Rig, agentId: string, x: number): void {
  const caller = rig.backend.access.identify({ apiKey: "test-key" });
  const input = { params: { agent_id: agentId }, body: { position: at(x), sequence: (serial += 1) } };
  rig.backend.operations.run("agentMove", caller, input, { origin: "" });
}

/** Where a client was told that an agent is, in order. */
const told = (client: ScriptedConnection): number[] =>
  client
    .ofType("latest")
    .flatMap(({ events }) =>
      events.map((event: { data: { position: { x: number } } }) => event.data.position.x),
    );

describe("a client that has said where its viewer is", () => {
  let rig: Rig;
  afterEach(() => {
    rig.hub.close();
    expect(rig.timers()).toBe(0);
    expect(rig.errors).toEqual([]);
  });

  it("hears moves outside the stream, whose order they are not part of", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage());
    move(rig, agentId, 1);
    rig.wall.advance(50);
    rig.call("agentCreate", { body: { agent_type: "claude" } });
    expect(client.ofType("agent.moved")).toEqual([]);
    expect(told(client)).toEqual([1]);
    const [created] = client.ofType("agent.created").slice(-1);
    expect(created).toMatchObject({ prev: client.welcome.seq });
  });

  it("hears of an agent that is near as often as its band says, and of the last move in the end", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage());
    for (let x = 1; x <= 9; x += 1) {
      move(rig, agentId, x);
      rig.wall.advance(25);
    }
    rig.wall.advance(1_000);
    const heard = told(client);
    expect(heard.length).toBeLessThanOrEqual(4);
    expect(heard.at(-1)).toBe(9);
  });

  it("hears seldom of one that is far, and at last where it is", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage({ distance: 50 }));
    for (let x = 50; x < 60; x += 1) {
      move(rig, agentId, x);
      rig.wall.advance(100);
    }
    expect(told(client).length).toBeLessThanOrEqual(2);
    rig.wall.advance(1_000);
    expect(told(client).at(-1)).toBe(59);
  });

  it("hears at once of one that is moved at its band's own pace, whenever that began", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage({ distance: 50 }));
    const late: number[] = [];
    for (const [x, pause] of [600, 1_000, 990, 1_010, 1_000].entries()) {
      move(rig, agentId, 50 + x);
      rig.wall.advance(50);
      late.push(50 + x - (told(client).at(-1) ?? NaN));
      rig.wall.advance(pause - 50);
    }
    expect(late).toEqual([0, 0, 0, 0, 0]);
  });

  it("hears no more than its band's pace allows, and one, however an agent is moved", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_500 }), { maxLength: 30 }), (pauses) => {
        const { rig: own, client, agentId } = stage({ distance: 50 });
        let time = 0;
        const times: number[] = [];
        const pass = (ms: number): void => {
          for (const end = time + ms; time < end;) {
            time += 1;
            own.wall.advance(1);
            while (times.length < told(client).length) times.push(time);
          }
        };
        for (const [x, pause] of pauses.entries()) {
          move(own, agentId, 50 + x / 100);
          pass(pause);
        }
        own.hub.close();
        for (const [first, begin] of times.entries())
          for (const [more, end] of times.slice(first).entries())
            expect(more).toBeLessThanOrEqual((end - begin) / 1_000 + 1);
      }),
      { numRuns: 20 },
    );
    ({ rig } = stage());
  });

  it("hears nothing of one beyond its bands until it comes near it", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage({ distance: 500 }));
    move(rig, agentId, 501);
    rig.wall.advance(10_000);
    expect(told(client)).toEqual([]);
    client.say({ type: "viewer", position: at(500) });
    expect(told(client)).toEqual([501]);
  });

  it("hears every move again once it has no viewer, what was held back first", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage({ distance: 500 }));
    move(rig, agentId, 501);
    client.say({ type: "viewer", position: null });
    move(rig, agentId, 502);
    expect(told(client)).toEqual([501, 502]);
  });

  it("hears of a far agent's task at its band's pace, and of its end at once and last", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage({ distance: 50 }));
    rig.call("taskAssign", { body: { agent_id: agentId, prompt: "Fix the jump" } });
    for (let step = 0; step < 300; step += 1) {
      rig.backend.clock.advance(100);
      rig.wall.advance(10);
    }
    rig.wall.advance(10_000);
    const types = client.frames.map((frame) => frame.type);
    const end = types.findIndex((type) => type === "task.completed" || type === "task.failed");
    expect(end).toBeGreaterThan(0);
    expect(types.slice(end).filter((type) => type === "latest")).toEqual([]);
    const steps = client.ofType("latest").length;
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThanOrEqual(5);
  });

  it("is told no more of an agent that was removed", () => {
    let client, agentId;
    ({ rig, client, agentId } = stage({ distance: 50 }));
    move(rig, agentId, 51);
    rig.wall.advance(100);
    move(rig, agentId, 52);
    const caller = rig.backend.access.identify({ apiKey: "test-key" });
    rig.backend.operations.run("agentRemove", caller, { params: { agent_id: agentId } }, { origin: "" });
    rig.wall.advance(10_000);
    expect(told(client)).toEqual([51]);
  });

  it("that does not read costs one move an agent, and gets the newest once it does", () => {
    let client: ScriptedConnection, agentId: string;
    ({ rig, client, agentId } = stage());
    client.stuck = true;
    rig.call("taskAssign", { body: { agent_id: agentId, prompt: "x".repeat(9_000) } });
    for (let x = 1; x <= 9; x += 1) {
      move(rig, agentId, x);
      rig.wall.advance(200);
    }
    client.stuck = false;
    client.readAll();
    rig.wall.advance(200);
    expect(told(client).at(-1)).toBe(9);
    expect(client.closing).toBeNull();
  });

  it.each([
    ["a position that is none", { position: { x: 1, y: 2 } }],
    ["no position", {}],
    ["no bands at all", { position: origin, bands: [] }],
    ["too many bands", { position: origin, bands: new Array(9).fill({ every_ms: 1 }) }],
    ["a band that is told never", { position: origin, bands: [{ every_ms: -1 }] }],
  ])("is closed with 4400 for %s", (_what, frame) => {
    rig = createRig();
    const client = rig.join();
    client.say({ type: "viewer", ...frame });
    expect(client.closing?.code).toBe(4400);
  });
});

describe("a band", () => {
  it("is kept until an agent is a tenth beyond its edge", () => {
    expect(bandAt(BANDS, 10.9, 0)).toBe(0);
    expect(bandAt(BANDS, 11.1, 0)).toBe(1);
    expect(bandAt(BANDS, 10.9, 1)).toBe(1);
    expect(bandAt(BANDS, 9.9, 1)).toBe(0);
    expect(bandAt(BANDS, 1_000, 0)).toBe(2);
  });

  it("changes no more than once for an agent that wavers at an edge", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 19, max: 21, noNaN: true })), (distances) => {
        let current: number | null = null;
        let changes = 0;
        for (const distance of distances) {
          const next = bandAt(DETAIL_BANDS, distance, current);
          if (current !== null && next !== current) changes += 1;
          current = next;
        }
        expect(changes).toBeLessThanOrEqual(1);
      }),
    );
  });
});
