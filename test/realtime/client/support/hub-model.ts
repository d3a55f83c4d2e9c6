import type { Cursor } from "../../../../src/contract/index.js";
import { eventFrame, GAME, welcome } from "./frames.js";

/** The smallest hub that keeps the contract's promises: one log, one buffer, resume by cursor. */
export class HubModel {
  epoch = "epoch_1";
  seq = 0;
  /** Every event there ever was that the subscriber should see, as `epoch/seq`. */
  readonly visible: string[] = [];
  readonly #buffer: number;
  readonly #every: number;
  #epochs = 1;

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
    if (this.isVisible(this.seq)) this.visible.push(`${this.epoch}/${this.seq}`);
  }

  restart(): void {
    this.#epochs += 1;
    this.epoch = `epoch_${this.#epochs}`;
    this.seq = 0;
  }

  connect(resume: Cursor | null): HubConnection {
    return new HubConnection(this, resume);
  }

  snapshotCursor(): Cursor {
    return { epoch: this.epoch, seq: this.seq };
  }
}

/** One subscriber's connection: `read` gives what it is to be sent since the last time. */
export class HubConnection {
  readonly #hub: HubModel;
  readonly #epoch: string;
  readonly #recovered: boolean;
  #isWelcomed = false;
  #next: number;
  #prev: number;

  constructor(hub: HubModel, resume: Cursor | null) {
    this.#hub = hub;
    this.#epoch = hub.epoch;
    this.#recovered = resume !== null && hub.reaches(resume);
    this.#prev = resume !== null && this.#recovered ? resume.seq : hub.seq;
    this.#next = this.#prev + 1;
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
    for (; this.#next <= hub.seq; this.#next += 1) {
      if (!hub.isVisible(this.#next)) continue;
      frames.push(eventFrame(this.#next, { epoch: this.#epoch, prev: this.#prev, game_id: GAME }));
      this.#prev = this.#next;
    }
    return frames;
  }
}
