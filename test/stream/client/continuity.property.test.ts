import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode } from "../../../src/client/stream/decode.js";
import { initialState, step } from "../../../src/client/stream/machine.js";
import type {
  Action,
  Input,
  MachineState,
  Tell,
  TimerName,
} from "../../../src/client/stream/machine-types.js";
import type { GapEvent } from "../../../src/client/stream/stream-events.js";
import { HubModel } from "./support/hub-model.js";
import type { HubConnection } from "./support/hub-model.js";
import { seededRandom } from "./support/random.js";

/** What can happen between a hub and a client. */
type Happening =
  | { readonly what: "produce"; readonly count: number }
  | { readonly what: "move"; readonly agents: readonly string[] }
  | { readonly what: "deliver"; readonly count: number }
  | { readonly what: "lose frame" | "repeat frame" | "cut" | "restart" | "sleep" | "wake" | "calm" }
  | { readonly what: "answer" | "refuse" }
  | { readonly what: "time"; readonly ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ what: fc.constant("produce"), count: fc.integer({ min: 1, max: 8 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant("move"),
      agents: fc.array(fc.constantFrom("agent_a", "agent_b", "agent_c"), { maxLength: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ what: fc.constant("deliver"), count: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 5, arbitrary: fc.constant<Happening>({ what: "answer" }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("time"), ms: fc.integer({ min: 1, max: 20_000 }) }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ what: "refuse" }) },
  { weight: 4, arbitrary: fc.constant<Happening>({ what: "calm" }) },
  ...(["lose frame", "repeat frame", "cut", "sleep", "wake"] as const).map((what) => ({
    weight: 1,
    arbitrary: fc.constant<Happening>({ what }),
  })),
  { weight: 1, arbitrary: fc.constant<Happening>({ what: "restart" }) },
);

/** A client and a hub with a line between them that does what it is told. */
class World {
  readonly hub: HubModel;
  /** What the user was told: `epoch/seq`, and gaps. */
  readonly told: (string | GapEvent)[] = [];
  /** Where the user was told that agents are. */
  readonly places = new Map<string, number>();
  /** Gaps that the hub gave no reason for. */
  readonly needless: GapEvent[] = [];
  now = 0;
  #state: MachineState = initialState(true);
  readonly #random = seededRandom(7);
  readonly #timers = new Map<TimerName, number>();
  /** What the client waits for besides frames. */
  #asked: Action[] = [];
  #line: { readonly hub: HubConnection; frames: unknown[]; last: unknown } | null = null;
  #outrun = false;

  constructor(hub: HubModel) {
    this.hub = hub;
    this.#do({ type: "open", subscribe: { game_id: "game_1" }, resume: null });
  }

  get isLive(): boolean {
    return this.#state.phase === "live" && this.#unread().length === 0;
  }

  happen(happening: Happening): void {
    switch (happening.what) {
      case "produce":
        for (let made = 0; made < happening.count; made += 1) this.hub.produce();
        return;
      case "move":
        for (const agentId of happening.agents) this.hub.move(agentId);
        return;
      case "deliver":
        for (let given = 0; given < happening.count; given += 1) this.#deliver(this.#unread().shift());
        return;
      case "lose frame":
        // A welcome cannot be lost alone: the line is ordered, and what comes before it is not heard.
        // Nor can what stands beside the stream, of which no later frame would tell.
        if (this.#state.phase === "live" || this.#state.phase === "recovering") {
          const unread = this.#unread();
          const place = unread.findIndex((frame) => !isBeside(frame));
          if (place >= 0) unread.splice(place, 1);
        }
        return;
      case "repeat frame":
        if (this.#state.phase === "live" || this.#state.phase === "recovering")
          this.#deliver(this.#line?.last);
        return;
      case "calm":
        this.heal(3);
        return;
      case "cut":
        this.#do({ type: "socket_closed", connection: this.#state.connection, code: 1006 });
        return;
      case "restart":
        this.hub.restart();
        this.#do({ type: "socket_closed", connection: this.#state.connection, code: 1012 });
        return;
      case "sleep":
        this.now += 3_600_000;
        return;
      case "wake":
        this.#do({ type: "wake" });
        return;
      case "time":
        this.#pass(happening.ms);
        return;
      case "answer":
        this.#answer(this.#asked.shift(), true);
        return;
      case "refuse":
        this.#answer(this.#asked.shift(), false);
    }
  }

  /** Lets all go well until the client has everything. */
  heal(most = 500): void {
    for (let rounds = 0; rounds < most && !(this.isLive && this.#asked.length === 0); rounds += 1) {
      this.happen({ what: "answer" });
      this.happen({ what: "deliver", count: 100 });
      this.#pass(1_000);
    }
  }

  #unread(): unknown[] {
    if (this.#line === null) return [];
    this.#line.frames.push(...this.#line.hub.read());
    return this.#line.frames;
  }

  #deliver(frame: unknown): void {
    if (frame === undefined || this.#line === null) return;
    this.#line.last = frame;
    this.#do({
      type: "message",
      connection: this.#state.connection,
      incoming: decode(JSON.stringify(frame)),
    });
  }

  #pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, at]) => at <= end).sort((a, b) => a[1] - b[1])[0];
      if (due === undefined) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1]);
      this.#do({ type: "timer", name: due[0] });
    }
    this.now = Math.max(this.now, end);
  }

  #answer(asked: Action | undefined, well: boolean): void {
    switch (asked?.type) {
      case "get_credentials": {
        const { connection } = asked;
        this.#do(
          well
            ? { type: "credentials_ready", connection }
            : { type: "credentials_failed", connection, final: false },
        );
        return;
      }
      case "open_socket":
        this.#do(
          well
            ? { type: "socket_opened", connection: asked.connection }
            : { type: "socket_closed", connection: asked.connection, code: 1006 },
        );
        return;
      case "take_snapshot": {
        const { connection } = asked;
        const snapshot = this.hub.snapshot();
        this.#do(
          well ? { type: "snapshot_ready", connection, snapshot } : { type: "snapshot_failed", connection },
        );
        return;
      }
      default:
        return;
    }
  }

  #do(input: Input): void {
    const { state, effects } = step(this.#state, input, { now: this.now, chance: this.#random() });
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Action | Tell): void {
    switch (effect.type) {
      case "set_timer":
        this.#timers.set(effect.name, this.now + effect.delayMs);
        return;
      case "cancel_timer":
        this.#timers.delete(effect.name);
        return;
      case "get_credentials":
      case "open_socket":
      case "take_snapshot":
        this.#asked.push(effect);
        return;
      case "send_hello":
        this.#outrun = effect.resume !== null && !this.hub.reaches(effect.resume);
        this.#line = { hub: this.hub.connect(effect.resume), frames: [], last: undefined };
        return;
      case "drop":
        this.#line = null;
        this.#asked = [];
        return;
      case "event":
        if (effect.event.type === "agent.moved") {
          this.places.set(effect.event.data.agent_id, effect.event.data.position.x);
          return;
        }
        this.told.push(`${effect.event.epoch}/${effect.event.seq}`);
        return;
      case "gap":
        this.places.clear();
        for (const { id, position } of effect.gap.agents ?? []) this.places.set(id, position.x);
        this.told.push(effect.gap);
        if (!this.#outrun) this.needless.push(effect.gap);
        return;
      default:
        return;
    }
  }
}

function isBeside(frame: unknown): boolean {
  return typeof frame === "object" && frame !== null && "type" in frame && frame.type === "latest";
}

/** What the user should have been told, given the gaps that there were. */
function expected(world: World, first: number): (string | GapEvent)[] {
  const all = world.hub.visible;
  const place = (epoch: string, seq: number) =>
    all.findIndex((entry) => {
      const [entryEpoch, entrySeq] = entry.split("/");
      const later = Number(entryEpoch?.slice(6)) > Number(epoch.slice(6));
      return later || (entryEpoch === epoch && Number(entrySeq) > seq);
    });
  const log: (string | GapEvent)[] = [];
  let from = first;
  for (const gap of world.told.filter((entry) => typeof entry !== "string")) {
    const until = place(gap.from.epoch, gap.from.seq);
    log.push(...all.slice(from, until === -1 ? all.length : until), gap);
    const next = place(gap.to.epoch, gap.to.seq);
    from = next === -1 ? all.length : next;
  }
  return [...log, ...all.slice(from)];
}

function run(happenings: readonly Happening[], buffer: number, every: number): World {
  const world = new World(new HubModel(buffer, every));
  world.heal();
  for (const happening of happenings) world.happen(happening);
  for (let event = 0; event < every; event += 1) world.hub.produce();
  world.heal();
  return world;
}

const runs = { numRuns: 1_500, seed: 20_260_101 };
const lengths = { minLength: 40, maxLength: 120, size: "max" } as const;
const script = fc.array(happening, lengths);

describe("Whatever happens on the line", () => {
  it("the user's log is the hub's, in order, none twice, or has a gap exactly where the buffer was outrun, and agents are where they are", () => {
    let gaps = 0;
    let events = 0;
    fc.assert(
      fc.property(
        script,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 3 }),
        (happenings, buffer, every) => {
          const world = run(happenings, buffer, every);
          expect(world.isLive).toBe(true);
          expect(world.told).toEqual(expected(world, 0));
          expect(world.needless).toEqual([]);
          expect(world.places).toEqual(world.hub.places);
          gaps += world.told.filter((entry) => typeof entry !== "string").length;
          events += world.told.length;
        },
      ),
      runs,
    );
    // The runs have to reach what they are about.
    expect(gaps).toBeGreaterThan(200);
    expect(events).toBeGreaterThan(10_000);
  });

  it("a hub that forgets nothing leaves no gap", () => {
    const calm = happening.filter(({ what }) => what !== "restart");
    fc.assert(
      fc.property(fc.array(calm, lengths), (happenings) => {
        const world = run(happenings, 100_000, 1);
        expect(world.told).toEqual(world.hub.visible);
        expect(world.places).toEqual(world.hub.places);
      }),
      { ...runs, numRuns: 500 },
    );
  });
});
