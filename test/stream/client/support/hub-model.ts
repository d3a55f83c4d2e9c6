import type { Agent, Cursor } from "../../../../src/contract/index.js";
import { agent, eventFrame, GAME, TIME, welcome } from "./frames.js";

/** A move of an agent, at a place of the log; each is to another place, further on than all before, and a millisecond later. */
interface Move {
  readonly agentId: string;
  readonly seq: number;
  readonly x: number;
}

const timeOf = (x: number): string => new Date(Date.parse(TIME) + x).toISOString();

/** The smallest hub that keeps the contract's promises: one log, one buffer, resume by cursor. */
export class HubModel {
  epoch = "epoch_1";
  seq = 0;
  /** Every event there ever was that the subscriber should see, as `epoch/seq`. */
  readonly visible: string[] = [];
  /** Where each agent is. */
  readonly places = new Map<string, number>();
  /** All that happened in this epoch, in order. */
  history: (number | Move)[] = [];
  readonly #buffer: number;
  readonly #every: number;
  #epochs = 1;
  #x = 0;

  /** `buffer` events of a game are kept for those who resume; each `every`th event is of the subscriber's game. */
  constructor(buffer: number, every = 1) {
    this.#buffer = buffer;
    this.#every = every;
  }

  /** The newest event of the subscriber's game that is kept no more; other games' events take no room from it. */
  get lost(): number {
    return Math.max(0, (Math.floor(this.seq / this.#every) - this.#buffer) * this.#every);
  }

  /** Whether a resume from there loses nothing. */
  reaches({ epoch, seq }: Cursor): boolean {
    return epoch === this.epoch && seq >= this.lost && seq <= this.seq;
  }

  isVisible(seq: number): boolean {
    return seq % this.#every === 0;
  }

  produce(): void {
    this.seq += 1;
    this.history.push(this.seq);
    if (this.isVisible(this.seq)) this.visible.push(`${this.epoch}/${this.seq}`);
  }

  move(agentId: string): void {
    this.#x += 1;
    this.places.set(agentId, this.#x);
    this.history.push({ agentId, seq: this.seq, x: this.#x });
  }

  restart(): void {
    this.history = [];
    this.places.clear();
    this.#epochs += 1;
    this.epoch = `epoch_${this.#epochs}`;
    this.seq = 0;
  }

  connect(resume: Cursor | null): HubConnection {
    return new HubConnection(this, resume);
  }

  snapshot(): { agents: Agent[]; cursor: Cursor } {
    const agents = Array.from(this.places, ([id, x]) =>
      agent(id, { position: { x, y: 0, z: 0 }, updated_at: timeOf(x) }),
    );
    return { agents, cursor: { epoch: this.epoch, seq: this.seq } };
  }
}

/** One subscriber's connection: `read` gives what it is to be sent since the last time. */
export class HubConnection {
  readonly #hub: HubModel;
  readonly #epoch: string;
  readonly #recovered: boolean;
  #isWelcomed = false;
  /** What it has yet to be told of the past, before what happens from `#next` on. */
  readonly #missed: (number | Move)[];
  #next: number;
  #prev: number;

  constructor(hub: HubModel, resume: Cursor | null) {
    this.#hub = hub;
    this.#epoch = hub.epoch;
    this.#recovered = resume !== null && hub.reaches(resume);
    this.#prev = resume !== null && this.#recovered ? resume.seq : hub.seq;
    this.#next = hub.history.length;
    const { history, places } = hub;
    // Of an agent's moves at the place of the resume or after it the last alone.
    this.#missed = history.filter((one) =>
      typeof one === "number"
        ? one > this.#prev
        : this.#recovered && one.seq >= this.#prev && places.get(one.agentId) === one.x,
    );
  }

  read(): Record<string, unknown>[] {
    const hub = this.#hub;
    const frames: Record<string, unknown>[] = [];
    if (!this.#isWelcomed) {
      this.#isWelcomed = true;
      const seq = this.#recovered ? hub.seq : this.#prev;
      frames.push({ ...welcome({ epoch: this.#epoch, seq, recovered: this.#recovered }) });
    }
    if (hub.epoch !== this.#epoch) return frames;
    for (const one of [...this.#missed.splice(0), ...hub.history.slice(this.#next)]) {
      if (typeof one !== "number") frames.push(this.#latest(one));
      else if (hub.isVisible(one)) {
        frames.push(eventFrame(one, { epoch: this.#epoch, prev: this.#prev, game_id: GAME }));
        this.#prev = one;
      }
    }
    this.#next = hub.history.length;
    return frames;
  }

  #latest({ agentId, seq, x }: Move): Record<string, unknown> {
    const data = { agent_id: agentId, position: { x, y: 0, z: 0 }, scene_id: null, sequence: null };
    const timestamp = timeOf(x);
    return {
      type: "latest",
      events: [{ type: "agent.moved", epoch: this.#epoch, seq, timestamp, game_id: GAME, data }],
    };
  }
}
