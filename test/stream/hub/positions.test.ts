import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRig, type Rig } from "./rig.js";
import type { Frame, ScriptedConnection } from "./scripted-connection.js";

const scope = { kind: "all" } as const;
const at = (x: number) => ({ x, y: 0, z: 0 });
const nth = fc.nat({ max: 4 });

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("create" as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("move" as const), agents: fc.array(nth, { minLength: 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), agent: nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("work" as const), agent: nth }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("time" as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stall" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("read" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cut" as const), frames: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("look" as const), x: fc.option(nth, { nil: null }) }) },
);

/** A client that holds where agents are, and comes back where it was when it is cut off. */
class Player {
  readonly places = new Map<string, number>();
  /** Events in the stream, but for progress, which a newer one may take the place of. */
  readonly heard: number[] = [];
  /** Moves of agents that were not there, before their beginning or after their end. */
  readonly strange: string[] = [];
  client: ScriptedConnection;
  readonly #rig: Rig;
  #viewer: number | null = null;
  #read = 1;
  #seq = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.client = rig.join();
  }

  look(x: number | null): void {
    this.#viewer = x;
    this.client.say({ type: "viewer", position: x === null ? null : at(10 * x) });
  }

  cut(frames: number): void {
    this.client.sent.splice(Math.max(1, this.client.sent.length - frames));
    this.comeBack();
  }

  comeBack(): void {
    this.follow();
    this.client.events.closed();
    const { epoch } = this.#rig.backend.engine.log;
    this.client = this.#rig.join({ resume: { epoch, seq: this.#seq } });
    expect(this.client.welcome.recovered).toBe(true);
    this.#read = 1;
    if (this.#viewer !== null) this.look(this.#viewer);
  }

  follow(): void {
    const news = this.client.frames.slice(this.#read);
    this.#read += news.length;
    for (const frame of news) {
      if (frame.type === "latest") for (const event of frame.events) this.#move(event);
      else if ("seq" in frame) this.#take(frame);
    }
  }

  #move({ type, data }: Frame): void {
    if (type !== "agent.moved") return;
    if (this.places.has(data.agent_id)) this.places.set(data.agent_id, data.position.x);
    else this.strange.push(data.agent_id);
  }

  #take({ type, seq, prev, data }: Frame): void {
    expect(prev).toBeLessThanOrEqual(this.#seq);
    if (seq <= this.#seq) return;
    this.#seq = seq;
    if (type !== "task.progress") this.heard.push(seq);
    if (type === "agent.created") this.places.set(data.agent.id, data.agent.position.x);
    if (type === "agent.removed") this.places.delete(data.agent_id);
  }
}

describe("the places of agents", () => {
  it.each([
    ["who reads as it comes", false, false],
    ["who stalls", true, false],
    ["who has a viewer and stalls", true, true],
  ])(
    "are known in the end to a client %s, and to it alone while the agents are there",
    (_who, stalls, looks) => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 20, maxLength: 80, size: "max" }), (steps) => {
          const rig = createRig(
            { limits: { max_agents: 100 } },
            { socketBytesMax: 400, sendBufferMaxBytes: 3_000 },
          );
          const { engine } = rig.backend;
          const made: number[] = [];
          engine.log.subscribe(({ type, seq }) => {
            if (type !== "agent.moved" && type !== "task.progress") made.push(seq);
          });
          const player = new Player(rig);
          const agentAt = (place: number) => engine.agents.list(scope, {}).items[place]?.id;
          let x = 0;
          const pass = (ms: number): void => {
            rig.backend.clock.advance(ms);
            engine.runDue();
            rig.wall.advance(ms);
            player.client.say({ type: "pong", t: 0 });
          };
          for (const one of steps) {
            if (one.do === "create") engine.agents.create(scope, { agent_type: "aider" });
            else if (one.do === "move") {
              const updates = one.agents.flatMap((place) => {
                const agent_id = agentAt(place);
                return agent_id === undefined ? [] : [{ agent_id, position: at((x += 1)) }];
              });
              engine.agents.moveMany(scope, updates);
            } else if (one.do === "remove") {
              const agentId = agentAt(one.agent);
              if (agentId !== undefined) engine.agents.remove(scope, agentId);
            } else if (one.do === "work") {
              const agent_id = agentAt(one.agent);
              const task = { prompt: "p", task_type: "general", priority: 1, timeout: 600 };
              if (agent_id !== undefined) engine.tasks.assign(scope, { ...task, agent_id });
            } else if (one.do === "time") pass(one.ms);
            else if (one.do === "stall") player.client.stuck = stalls;
            else if (one.do === "read") player.client.readAll();
            else if (one.do === "cut") player.cut(one.frames);
            else if (looks) player.look(one.x);
            if (player.client.closing !== null) player.comeBack();
          }
          for (let quiet = 0; quiet < 3; quiet = rig.hub.heldBytes === 0 ? quiet + 1 : 0) {
            player.client.stuck = false;
            player.client.readAll();
            pass(6_000);
          }
          player.follow();
          const places = engine.agents
            .list(scope, { limit: 500 })
            .items.map(({ id, position }) => [id, position.x]);
          expect(new Map(player.places)).toEqual(
            new Map(places.map(([id, place]) => [String(id), Number(place)])),
          );
          expect(player.strange).toEqual([]);
          expect(player.heard).toEqual(made);
          rig.hub.close();
          expect(rig.errors).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );

  it("held back for a viewer are told when the client is cut off and comes back, however long ago they were taken", () => {
    const rig = createRig();
    const { engine } = rig.backend;
    const { id } = engine.agents.create(scope, { agent_type: "aider", position: at(500) });
    const viewer = { type: "viewer", position: at(0), bands: [{ every_ms: 60_000 }] };
    const before = rig.join().say(viewer);
    for (const x of [501, 502, 503]) {
      engine.agents.move(scope, { agent_id: id, position: at(x) });
      rig.wall.advance(100);
    }
    engine.agents.create(scope, { agent_type: "claude" });
    expect(before.moves.map(({ data }) => data.position.x)).toEqual([501, 502]);
    const { epoch, seq } = engine.log;
    before.events.closed();
    const after = rig.join({ resume: { epoch, seq } });
    expect(after.moves).toEqual([]);
    after.say(viewer);
    rig.wall.advance(100);
    expect(after.moves.map(({ data }) => data.position.x)).toEqual([503]);
  });

  it("that are told at once come in one frame a command, the same text for all", () => {
    const rig = createRig({ limits: { max_agents: 1_000 } });
    const { engine } = rig.backend;
    const ids = Array.from({ length: 300 }, () => engine.agents.create(scope, { agent_type: "aider" }).id);
    const [one, other] = [rig.join(), rig.join()];
    engine.agents.moveMany(
      scope,
      ids.map((agent_id) => ({ agent_id, position: at(1) })),
    );
    expect(one.ofType("latest").map(({ events }) => events.length)).toEqual([256, 44]);
    expect(one.sent.slice(1)).toEqual(other.sent.slice(1));
  });
});
