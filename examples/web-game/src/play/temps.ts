import type { AgentPool, AgentVM } from "oligarchy-agentvm/slim";
import { positionOf } from "../backend/studio.js";
import { DOOR, SCENE_ID } from "../world/layout.js";
import type { Sprint } from "./sprint.js";
import { TEMPS_MAX, TEMP_METADATA } from "./temp.js";
import { problemOf } from "./work.js";
import type { Tell } from "./work.js";

/** How long a temp without work stays, in milliseconds. */
const STAY_MS = 20_000;
/** Chores that are given out at once. */
const CHORES_AT_ONCE = 3;

const CHORES = [
  "Sort the bug reports of last night",
  "Run the smoke tests on every level",
  "Rename the textures by the new scheme",
  "Check the links in the manual",
  "Collect what the playtesters wrote",
  "Update the credits",
] as const;

/** What the temps work with. */
export interface TempsParts {
  readonly agentvm: AgentVM;
  readonly sprint: Sprint;
  readonly tell: Tell;
}

/**
 * Small chores for a pool of temps: they come when there is something to do, are used again for what is next in line, and leave
 * when nothing is.
 */
export class Temps {
  readonly #parts: TempsParts;
  #pool: Promise<AgentPool> | null = null;
  #open: AgentPool | null = null;
  #next = 0;
  #isClosed = false;

  constructor(parts: TempsParts) {
    this.#parts = parts;
  }

  /** How it stands with them, in words; empty while none was called. */
  get words(): string {
    if (this.#open === null) return "";
    const { idle, busy, creating, waiting } = this.#open.stats;
    return `Temps: ${busy + creating} at work, ${idle} free, ${waiting} in line`;
  }

  /** Gives out the next few chores. */
  async call(): Promise<void> {
    const { tell } = this.#parts;
    try {
      this.#open = await this.#opened();
    } catch (error) {
      this.#pool = null;
      if (!this.#isClosed) tell(problemOf(error), "bad");
      return;
    }
    tell(`${CHORES_AT_ONCE} chores are given to temps.`);
    for (let count = 0; count < CHORES_AT_ONCE; count += 1) {
      const chore = CHORES[this.#next % CHORES.length] ?? CHORES[0];
      this.#next += 1;
      void this.#do(this.#open, chore);
    }
  }

  /** From now on nothing is told; the client's own end ends the pool. */
  close(): void {
    this.#isClosed = true;
  }

  #opened(): Promise<AgentPool> {
    const body = {
      agent_type: "custom",
      name: "Temp",
      position: positionOf(DOOR),
      scene_id: SCENE_ID,
      metadata: TEMP_METADATA,
    };
    return (this.#pool ??= this.#parts.agentvm.pool({
      type: body,
      min: 0,
      max: TEMPS_MAX,
      idleTimeoutMs: STAY_MS,
    }));
  }

  async #do(pool: AgentPool, chore: string): Promise<void> {
    const { sprint, tell } = this.#parts;
    try {
      const { success, error } = await pool.run(chore);
      if (this.#isClosed) return;
      if (success) {
        sprint.addChore();
        tell(`A temp has done a chore: ${chore}.`, "good");
      } else tell(`A temp gave up on a chore: ${error?.message ?? chore}`, "bad");
    } catch (error) {
      if (!this.#isClosed) tell(problemOf(error), "bad");
    }
  }
}
