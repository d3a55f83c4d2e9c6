import type { Position, PositionUpdate } from "../contract/index.js";
import type { Viewer } from "../realtime/viewer-frames.js";
import { loadGame } from "../later.js";
import type { Move } from "./move.js";
import type { Mover } from "./mover.js";
import type { MovesParts } from "./moves-parts.js";
import { NO_MOVES } from "./moves-options.js";
import type { MovesSummary } from "./moves-options.js";
import { moveAlone, updateOf } from "./position-update.js";
import type { MoveAnswer, MoveNow } from "./position-update.js";

/** The moves that nobody waits for. The code that sends them is loaded with the first; until it is there the newest are kept. */
export class LateMoves {
  readonly #parts: MovesParts;
  readonly #early = new Map<string, PositionUpdate>();
  #viewer: Viewer | null = null;
  #loading: Promise<Mover> | null = null;
  #mover: Mover | null = null;
  /** Moves an agent by a call of its own, in the place of what waits. */
  readonly moveNow: MoveNow = (update, options) => {
    this.#early.delete(update.agent_id);
    this.#mover?.forget(update.agent_id);
    return this.#parts.moveOne(update, options);
  };

  constructor(parts: MovesParts) {
    this.#parts = parts;
  }

  get summary(): MovesSummary {
    return this.#mover?.summary ?? NO_MOVES;
  }

  /** Takes where an agent is now; the position is read now and not kept. */
  move(agentId: string, position: Position, sequence: number, sceneId?: string): Move<MoveAnswer> {
    if (this.#mover !== null) return this.#mover.move(agentId, position, sequence, sceneId);
    const update = updateOf(agentId, position, sequence, sceneId);
    this.#early.set(agentId, update);
    this.#load().catch(this.#parts.report);
    return moveAlone(update, this.moveNow);
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
    return (this.#loading ??= loadGame().then(
      ({ startMover }) => {
        this.#mover = startMover(this.#parts, this.moveNow);
        if (this.#viewer !== null) this.#mover.setViewer(this.#viewer);
        for (const { agent_id, position, sequence = 0, scene_id } of this.#early.values())
          this.#mover.move(agent_id, position, sequence, scene_id);
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
