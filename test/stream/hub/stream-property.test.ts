import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventFrameSchema, type AnyEvent } from "../../../src/contract/index.js";
import { createLogRig, moved, progressed, started, type LogRig } from "./log-rig.js";
import type { Frame, ScriptedConnection } from "./scripted-connection.js";
import { read } from "../../lib/read.js";

const GAMES = ["one", "two", null] as const;
/** Two of each game. */
const AGENTS = ["agent_1", "agent_2", "agent_3", "agent_4", "agent_5", "agent_6"] as const;
const gameOf = (agent: (typeof AGENTS)[number]) => GAMES[AGENTS.indexOf(agent) % GAMES.length] ?? null;

const eventArbitrary = fc.record({
  kind: fc.constantFrom("moved", "progressed", "started", "started"),
  agent: fc.constantFrom(...AGENTS),
});
type EventPlan = typeof eventArbitrary extends fc.Arbitrary<infer T> ? T : never;

const subscribeArbitrary = fc.record(
  {
    game_id: fc.constantFrom("one", "two"),
    types: fc.subarray(["agent.*", "task.started", "task.*", "agent.moved", "*"]),
    agent_ids: fc.subarray([...AGENTS]),
  },
  { requiredKeys: [] },
);
type Subscribe = typeof subscribeArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Makes events that follow one another; each move is to another place, further on than all before. */
class Writer {
  readonly made: AnyEvent[] = [];
  #seq = 0;
  #x = 0;

  /** The events that stand in the stream. */
  get numbered(): AnyEvent[] {
    return this.made.filter(({ type }) => type !== "agent.moved");
  }

  write(plans: readonly EventPlan[]): AnyEvent[] {
    const next = plans.map((plan) => this.#eventOf(plan));
    this.made.push(...next);
    return next;
  }

  /** Where the agents that a subscriber hears of are, by who has moved since so many events were made. */
  places(subscribe: Subscribe, since = 0): Map<string, number> {
    const places = new Map<string, number>();
    for (const event of this.made.slice(since)) {
      if (event.type !== "agent.moved" || !fits(subscribe, { ...event })) continue;
      places.set(event.data.agent_id, event.data.position.x);
    }
    return places;
  }

  #eventOf({ kind, agent }: EventPlan): AnyEvent {
    const game = gameOf(agent);
    if (kind === "moved") return moved(this.#seq, agent, (this.#x += 1), game);
    this.#seq += 1;
    return kind === "progressed"
      ? progressed(this.#seq, `task_${agent}`, agent, game)
      : started(this.#seq, agent, game);
  }
}

/** The filter as the contract says it, written without a look at the hub's. */
function fits(
  { game_id, types = [], agent_ids = [] }: Subscribe,
  { type, data, game_id: game }: Frame,
): boolean {
  const typeFits =
    types.length === 0 ||
    types.some((name) => new RegExp(`^${name.replace(".", "\\.").replace("*", ".*")}$`).test(type));
  return (
    (game_id === undefined || game === game_id) &&
    typeFits &&
    (agent_ids.length === 0 || agent_ids.includes(data.agent_id))
  );
}

/** A client that holds everything up to a position, and checks each frame by `prev` alone; of agents it holds where they are. */
class Follower {
  readonly held: Frame[] = [];
  readonly lost: string[] = [];
  readonly places = new Map<string, number>();
  position: number;
  #read = 0;
  #told = new Map<string, number>();

  constructor(position: number) {
    this.position = position;
  }

  follow(connection: ScriptedConnection): void {
    for (const frame of connection.frames.slice(this.#read)) {
      this.#read += 1;
      if (frame.type === "latest") this.#take(frame.events);
      if (frame.type === "welcome" || !("seq" in frame)) continue;
      if (frame["prev"] > this.position) this.lost.push(`${this.position} -> ${frame["prev"]}`);
      if (frame["seq"] <= this.position) continue;
      this.position = frame["seq"];
      this.held.push(frame);
    }
  }

  reconnected(): void {
    this.#read = 0;
    this.#told = new Map();
  }

  #take(moves: readonly Frame[]): void {
    for (const { type, data } of moves) {
      expect(type).toBe("agent.moved");
      const { x } = data.position;
      const before = this.#told.get(data.agent_id) ?? 0;
      if (x <= before) this.lost.push(`${data.agent_id} went back from ${before} to ${x}`);
      this.#told.set(data.agent_id, x);
      this.places.set(data.agent_id, x);
    }
  }
}

const subjectOf = ({ type, data }: Frame): string | null =>
  type === "task.progress" ? `p:${data.task_id}` : null;

function everything(rig: LogRig): Frame[] {
  const events = rig.log.after({ kind: "all" }, 0);
  if (events === "outrun") throw new Error("The log of this test is too small.");
  return events.map((event) => ({ ...event }));
}

describe("the stream of a subscriber", () => {
  it("cut and resumed anywhere is the filtered log, in order, none twice, its chain unbroken, and ends with each agent's newest place", () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("publish" as const),
          events: fc.array(eventArbitrary, { minLength: 1, maxLength: 5 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("cut" as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), frames: fc.nat({ max: 3 }) }) },
    );
    fc.assert(
      fc.property(subscribeArbitrary, fc.array(step, { maxLength: 40 }), (subscribe, steps) => {
        const rig = createLogRig();
        const follower = new Follower(0);
        const join = (): ScriptedConnection =>
          rig.join({ subscribe, resume: { epoch: "epoch_1", seq: follower.position } });
        const reconnect = (): void => {
          client.events.closed();
          follower.reconnected();
          client = join();
          expect(client.welcome["recovered"]).toBe(true);
        };
        let client = join();
        const writer = new Writer();
        for (const action of steps) {
          if (action.do === "publish") {
            rig.publishTogether(writer.write(action.events));
          } else if (action.do === "cut") {
            follower.follow(client);
            reconnect();
          } else {
            // The connection broke while frames were on their way: the client never saw the last ones.
            client.sent.splice(Math.max(1, client.sent.length - action.frames));
            follower.follow(client);
            reconnect();
          }
        }
        follower.follow(client);
        const wanted = everything(rig).filter((event) => fits(subscribe, event));
        expect(follower.held.map(({ prev: _prev, ...event }) => event)).toEqual(wanted);
        expect(follower.lost).toEqual([]);
        expect(follower.places).toEqual(writer.places(subscribe));
        for (const frame of follower.held) expect(read(eventFrameSchema, frame)).toEqual(frame);
      }),
      { numRuns: 300 },
    );
  });

  it("whose games each keep a few events is whole, or is told that something of what it hears is lost", () => {
    const events = fc.array(eventArbitrary, { minLength: 1, maxLength: 12 });
    const step = fc.oneof(
      fc.record({ do: fc.constant("publish" as const), events }),
      fc.record({ do: fc.constant("leave" as const), events }),
    );
    let [whole, lost] = [0, 0];
    fc.assert(
      fc.property(
        subscribeArbitrary,
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 20 }),
        (subscribe, capacity, steps) => {
          const rig = createLogRig(capacity);
          const writer = new Writer();
          const wanted: number[] = [];
          const publish = (plans: readonly EventPlan[]): void => {
            const next = writer.write(plans);
            rig.publishTogether(next);
            const numbered = next.filter(({ type }) => type !== "agent.moved");
            wanted.push(...numbered.filter((event) => fits(subscribe, { ...event })).map(({ seq }) => seq));
          };
          const isLostAfter = (place: number): boolean =>
            GAMES.filter((game) => subscribe.game_id === undefined || game === subscribe.game_id).some(
              (game) =>
                writer.numbered
                  .filter(({ game_id }) => game_id === game)
                  .slice(0, -capacity)
                  .some(({ seq }) => seq > place),
            );
          const follower = new Follower(0);
          const join = (): ScriptedConnection =>
            rig.join({ subscribe, resume: { epoch: "epoch_1", seq: follower.position } });
          let client = join();
          for (const { do: what, events: plans } of steps) {
            if (what === "publish") {
              publish(plans);
              continue;
            }
            follower.follow(client);
            client.events.closed();
            publish(plans);
            const isLost = isLostAfter(follower.position);
            client = join();
            follower.reconnected();
            expect(client.welcome["recovered"]).toBe(!isLost);
            if (isLost) {
              lost += 1;
              const { position } = follower;
              follower.position = client.welcome["seq"];
              wanted.splice(
                0,
                wanted.length,
                ...wanted.filter((seq) => seq <= position || seq > follower.position),
              );
            } else whole += 1;
          }
          follower.follow(client);
          expect(follower.held.map(({ seq }) => seq)).toEqual(wanted);
          expect(follower.lost).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
    // The runs have to reach what they are about.
    expect(Math.min(whole, lost)).toBeGreaterThan(100);
  });

  it("carries as prev exactly the event frame that was sent before it", () => {
    fc.assert(
      fc.property(
        subscribeArbitrary,
        fc.array(eventArbitrary, { maxLength: 60 }),
        fc.nat({ max: 60 }),
        (subscribe, plans, joinAt) => {
          const rig = createLogRig();
          const events = new Writer().write(plans);
          for (const event of events.slice(0, joinAt)) rig.publish(event);
          const client = rig.join({ subscribe });
          for (const event of events.slice(joinAt)) rig.publish(event);
          let before = client.welcome["seq"];
          for (const { prev, seq } of client.stream) {
            expect(prev).toBe(before);
            before = seq;
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("joined at a snapshot's cursor after a lost place misses nothing and repeats nothing", () => {
    fc.assert(
      fc.property(
        subscribeArbitrary,
        fc.array(eventArbitrary, { maxLength: 30 }),
        fc.array(eventArbitrary, { maxLength: 30 }),
        fc.array(eventArbitrary, { maxLength: 30 }),
        (subscribe, before, meanwhile, later) => {
          const rig = createLogRig();
          const writer = new Writer();
          const publish = (plans: readonly EventPlan[]): void => {
            for (const event of writer.write(plans)) rig.publish(event);
          };
          publish(before);
          const client = rig.join({ subscribe, resume: { epoch: "another", seq: 3 } });
          publish(meanwhile);
          const cursor = rig.log.seq;
          const moves = writer.made.length;
          const follower = new Follower(cursor);
          publish(later);
          follower.follow(client);
          const wanted = everything(rig).filter((event) => event["seq"] > cursor && fits(subscribe, event));
          expect(follower.held.map((frame) => frame["seq"])).toEqual(wanted.map((event) => event["seq"]));
          expect(follower.lost).toEqual([]);
          for (const [agent, x] of writer.places(subscribe, moves))
            expect(follower.places.get(agent)).toBe(x);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("of a reader that stalls lacks superseded moves and progress alone, and shows no loss of the newest", () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant("publish" as const), event: eventArbitrary }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("stall" as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("read" as const) }) },
    );
    fc.assert(
      fc.property(subscribeArbitrary, fc.array(step, { maxLength: 80 }), (subscribe, steps) => {
        const rig = createLogRig(10_000, { socketBytesMax: 400 });
        const client = rig.join({ subscribe });
        const writer = new Writer();
        for (const action of steps) {
          if (action.do === "publish") rig.publishTogether(writer.write([action.event]));
          else if (action.do === "stall") client.stuck = true;
          else client.readAll();
        }
        client.stuck = false;
        client.readAll();
        const follower = new Follower(0);
        follower.follow(client);
        expect(follower.lost).toEqual([]);
        expect(rig.hub.heldBytes).toBe(0);
        const got = new Set(follower.held.map((frame) => frame["seq"]));
        const wanted = everything(rig).filter((event) => fits(subscribe, event));
        for (const [index, event] of wanted.entries()) {
          if (got.has(event["seq"])) continue;
          const subject = subjectOf(event);
          expect(subject).not.toBeNull();
          const superseded = wanted
            .slice(index + 1)
            .some((later) => got.has(later["seq"]) && subjectOf(later) === subject);
          expect(superseded).toBe(true);
        }
        expect([...got]).toEqual([...got].sort((a, b) => a - b));
        expect(got.size).toBe(client.stream.length);
        expect(follower.places).toEqual(writer.places(subscribe));
      }),
      { numRuns: 300 },
    );
  });

  it("of a reader that stalls, reads a little, is behind, cut or outrun, is whole save where it is told of a gap", () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("publish" as const),
          events: fc.array(eventArbitrary, { minLength: 1, maxLength: 15 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("stall" as const, "flow" as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("read" as const, "turn" as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), frames: fc.nat({ max: 3 }) }) },
    );
    const reached = { behind: 0, outrun: 0, whole: 0 };
    fc.assert(
      fc.property(
        subscribeArbitrary,
        fc.integer({ min: 3, max: 40 }),
        fc.boolean(),
        fc.array(step, { minLength: 20, maxLength: 60, size: "max" }),
        (subscribe, capacity, givesTurns, steps) => {
          const rig = createLogRig(capacity, { socketBytesMax: 400, sendBufferMaxBytes: 1_500 }, givesTurns);
          const writer = new Writer();
          const gaps: [number, number][] = [];
          const follower = new Follower(0);
          const join = (): ScriptedConnection => {
            const next = rig.join({ subscribe, resume: { epoch: "epoch_1", seq: follower.position } });
            follower.reconnected();
            if (next.welcome["recovered"] !== true) {
              gaps.push([follower.position, next.welcome["seq"]]);
              follower.position = next.welcome["seq"];
              // As a snapshot tells it.
              for (const [agent, x] of writer.places(subscribe)) follower.places.set(agent, x);
              reached.outrun += 1;
            } else reached.whole += 1;
            return next;
          };
          let client = join();
          const look = (): void => {
            follower.follow(client);
            if (client.closing === null) return;
            expect(client.closing.code).toBe(4413);
            client.events.closed();
            client = join();
          };
          for (const action of steps) {
            if (action.do === "publish") {
              rig.publishTogether(writer.write(action.events));
            } else if (action.do === "stall") client.stuck = true;
            else if (action.do === "turn") rig.turn();
            else if (action.do === "lose") {
              client.sent.splice(Math.max(1, client.sent.length - action.frames));
              follower.follow(client);
              client.events.closed();
              client = join();
            } else {
              if (action.do === "flow") client.stuck = false;
              client.readAll();
            }
            const ofMoves = 256 * AGENTS.length;
            if (rig.hub.heldBytes > 1_000) reached.behind += 1;
            expect(rig.hub.heldBytes).toBeLessThanOrEqual(1_500 + ofMoves);
            look();
          }
          for (let quiet = false; !quiet;) {
            client.stuck = false;
            const before = client;
            client.readAll();
            while (rig.turn());
            look();
            quiet = before === client;
          }
          expect(follower.lost).toEqual([]);
          expect(rig.hub.heldBytes).toBe(0);
          const held = follower.held.map(({ seq }) => seq);
          expect(held).toEqual([...new Set(held)].sort((a, b) => a - b));
          const got = new Set(held);
          expect(follower.places).toEqual(writer.places(subscribe));
          const wanted = writer.numbered
            .map((event) => ({ ...event }))
            .filter((event) => fits(subscribe, event));
          for (const [index, event] of wanted.entries()) {
            if (got.has(event.seq)) continue;
            if (gaps.some(([from, to]) => event.seq > from && event.seq <= to)) continue;
            const subject = subjectOf(event);
            expect(subject).not.toBeNull();
            const later = wanted.slice(index + 1).filter((other) => subjectOf(other) === subject);
            expect(later.length).toBeGreaterThan(0);
          }
        },
      ),
      { numRuns: 400 },
    );
    // The runs have to reach what they are about.
    expect(Math.min(reached.behind, reached.outrun, reached.whole)).toBeGreaterThan(50);
  });
});
