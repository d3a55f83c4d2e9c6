import type { Position, PositionUpdate } from "../contract/index.js";
import type { Viewer } from "../realtime/viewer.js";
import { loadGame } from "../later.js";
import { LazyMove } from "./move.js";
import type { Move } from "./move.js";
import type { Mover } from "./mover.js";
import type { MovesParts } from "./moves-parts.js";
import { NO_MOVES } from "./moves-options.js";
import type { MovesSummary } from "./moves-options.js";
import { updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails, MoveNow } from "./position-update.js";

/** The moves that nobody waits for. The code that sends them is loaded with the first; until it is there the newest are kept. */
export class LateMoves {
  readonly #parts: MovesParts;
  readonly #early = new Map<string, PositionUpdate>();
  /** One number does for all of them: of each agent only the newest goes out. Whoever awaits one gets a number of its own. */
  #earlySequence: number | undefined = undefined;
  #viewer: Viewer | null = null;
  #loading: Promise<Mover> | null = null;
  #mover: Mover | null = null;
  /** Moves an agent by a call of its own, in the place of what waits. */
  readonly moveNow: MoveNow = (update, options) => {
    this.#early.delete(update.agent_id);
    this.#mover?.forget(update.agent_id);
    const { sequence = this.#parts.numbers.next() } = update;
    return this.#parts.moveOne({ ...update, sequence }, options);
  };

  constructor(parts: MovesParts) {
    this.#parts = parts;
  }

  get summary(): MovesSummary {
    return this.#mover?.summary ?? NO_MOVES;
  }

  /** Takes where an agent is now; the position is read now and not kept. */
  move(agentId: string, position: Position, details: MoveDetails): Move<MoveAnswer> {
    // Early moves have a method of their own, since one that holds a closure makes room for it with every call.
    if (this.#mover !== null) return this.#mover.move(agentId, position, details);
    return this.#moveEarly(agentId, position, details);
  }

  #moveEarly(agentId: string, position: Position, details: MoveDetails): Move<MoveAnswer> {
    this.#earlySequence ??= this.#parts.numbers.next();
    const update = updateOf(agentId, position, details);
    this.#early.set(agentId, update);
    this.#load().catch(this.#parts.report);
    return new LazyMove({ version: 0, ask: () => this.#askFor(update) });
  }

  setViewer(viewer: Viewer | null): void {
    this.#viewer = viewer;
    if (this.#mover !== null) this.#mover.setViewer(viewer);
    else this.#load().catch(this.#parts.report);
  }

  /** Sends the newest place of the agent of an early move, which may have moved on since. */
  #askFor(update: PositionUpdate): Promise<MoveAnswer> {
    const id = update.agent_id;
    const early = this.#early.get(id);
    return (early === undefined ? this.#mover?.ask(id) : null) ?? this.moveNow(early ?? update);
  }

  async flush(): Promise<void> {
    if (this.#mover !== null || this.#early.size > 0) await (await this.#load()).flush();
  }

  #load(): Promise<Mover> {
    return (this.#loading ??= loadGame().then(
      ({ startMover }) => {
        this.#mover = startMover(this.#parts, this.moveNow);
        if (this.#viewer !== null) this.#mover.setViewer(this.#viewer);
        const sequence = this.#earlySequence;
        for (const { agent_id, position, ...details } of this.#early.values())
          this.#mover.move(agent_id, position, { sequence, ...details });
        this.#early.clear();
        return this.#mover;
      },
      (error: unknown) => {
        this.#loading = null;
        throw error;
      },
    ));
  }
}
