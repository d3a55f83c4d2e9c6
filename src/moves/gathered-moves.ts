import type { Position, PositionUpdate } from "../contract/index.js";
import type { Viewer } from "../client/stream/viewer.js";
import type { Mover } from "./mover.js";
import type { MovesParts } from "./moves-parts.js";
import { NO_MOVES } from "./moves-options.js";
import type { MovesSummary } from "./moves-options.js";
import { Owed } from "./owed.js";
import { updateOf } from "./position-update.js";
import type { MoveAnswer, MoveDetails, MoveNow } from "./position-update.js";
import type { startMover } from "./start-mover.js";

/** What {@link GatheredMoves} are made of. */
export interface GatheredMovesParts extends MovesParts {
  /** Gets the code that sends them. */
  readonly load: () => Promise<{ readonly startMover: typeof startMover }>;
}

/** The moves that go out gathered. The code that sends them is loaded with the first; until it is there the newest are kept. */
export class GatheredMoves {
  readonly #parts: GatheredMovesParts;
  readonly #early = new Map<string, { readonly update: PositionUpdate; readonly owed: Owed }>();
  /** One number does for all of them: of each agent only the newest goes out. A call of its own gets a number of its own. */
  #earlySequence: number | undefined = undefined;
  #viewer: Viewer | null = null;
  #loading: Promise<Mover> | null = null;
  #mover: Mover | null = null;
  /** Moves an agent by a call of its own, in the place of what waits. */
  readonly moveNow: MoveNow = (update, options) => {
    const { agent_id, sequence = this.#parts.numbers.next() } = update;
    const answer = this.#parts.moveOne({ ...update, sequence }, options);
    this.#early.get(agent_id)?.owed.follow(answer);
    this.#early.delete(agent_id);
    this.#mover?.forget(agent_id, () => answer);
    return answer;
  };

  constructor(parts: GatheredMovesParts) {
    this.#parts = parts;
  }

  get summary(): MovesSummary {
    return this.#mover?.summary ?? NO_MOVES;
  }

  /** Takes where an agent is now; the position is read now and not kept. */
  move(agentId: string, position: Position, details: MoveDetails): Promise<MoveAnswer> {
    // Early moves have a method of their own, since one that holds a closure makes room for it with every call.
    if (this.#mover !== null) return this.#mover.move(agentId, position, details);
    return this.#moveEarly(agentId, position, details);
  }

  #moveEarly(agentId: string, position: Position, details: MoveDetails): Promise<MoveAnswer> {
    this.#earlySequence ??= this.#parts.numbers.next();
    const { owed = new Owed() } = this.#early.get(agentId) ?? {};
    this.#early.set(agentId, { update: updateOf(agentId, position, details), owed });
    this.#load().catch(this.#parts.report);
    return owed.promise;
  }

  setViewer(viewer: Viewer | null): void {
    this.#viewer = viewer;
    if (this.#mover !== null) this.#mover.setViewer(viewer);
    else this.#load().catch(this.#parts.report);
  }

  async flush(): Promise<void> {
    if (this.#mover !== null || this.#early.size > 0) await (await this.#load()).flush();
  }

  #load(): Promise<Mover> {
    return (this.#loading ??= this.#parts.load().then(
      ({ startMover }) => {
        const mover = (this.#mover = startMover(this.#parts));
        if (this.#parts.lifetime.isOver) mover.close();
        if (this.#viewer !== null) mover.setViewer(this.#viewer);
        const sequence = this.#earlySequence;
        for (const { update, owed } of this.#early.values()) {
          const { agent_id, position, ...details } = update;
          owed.follow(mover.move(agent_id, position, { sequence, ...details }));
        }
        this.#early.clear();
        return mover;
      },
      (error: unknown) => {
        this.#loading = null;
        for (const [id, { update, owed }] of this.#early) {
          if (error instanceof Error) owed.fail(error);
          this.#early.set(id, { update, owed: new Owed() });
        }
        throw error;
      },
    ));
  }
}
