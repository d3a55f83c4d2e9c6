import type { PositionUpdate } from "../contract/index.js";
import type { Viewer } from "../realtime/viewer-frames.js";
import { loadGame } from "../later.js";
import type { Mover } from "./mover.js";
import type { MovesParts } from "./moves-parts.js";
import { NO_MOVES } from "./moves-options.js";
import type { MovesSummary } from "./moves-options.js";

/** The moves that nobody waits for. The code that sends them is loaded with the first; until it is there the newest are kept. */
export class LateMoves {
  readonly #parts: MovesParts;
  readonly #early = new Map<string, PositionUpdate>();
  #viewer: Viewer | null = null;
  #loading: Promise<Mover> | null = null;
  #mover: Mover | null = null;

  constructor(parts: MovesParts) {
    this.#parts = parts;
  }

  get summary(): MovesSummary {
    return this.#mover?.summary ?? NO_MOVES;
  }

  move(update: PositionUpdate): void {
    if (this.#mover !== null) {
      this.#mover.move(update);
      return;
    }
    this.#early.set(update.agent_id, update);
    this.#load().catch(this.#parts.report);
  }

  /** The agent's next move goes another way. */
  forget(agentId: string): void {
    this.#early.delete(agentId);
    this.#mover?.forget(agentId);
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
        this.#mover = startMover(this.#parts);
        if (this.#viewer !== null) this.#mover.setViewer(this.#viewer);
        for (const update of this.#early.values()) this.#mover.move(update);
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
