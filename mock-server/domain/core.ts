import type { AgentType, Limits, Task } from "../../src/contract/index.js";
import type { Stop, Work } from "../work/work.js";
import type { Ids } from "./ids.js";
import type { Indexes } from "./indexes.js";
import type { Ledger } from "./ledger.js";
import type { SeededRandom } from "./random.js";
import type { Planner } from "./planner.js";
import type { SlowReviews } from "./review-news.js";
import type { World } from "./world.js";

/** The parts of an engine that its rules work on. */
export interface Core {
  readonly limits: Limits;
  /** Bytes that all games together may hold. */
  readonly totalBytes: number;
  /** The types of agents that the engine began with, by name. More may have been added: `typesOf` gives all. */
  readonly types: ReadonlyMap<string, AgentType>;
  readonly ids: Pick<Ids, "next">;
  /** It is never drawn from itself, and so stands where it stood: what needs chance takes a source of its own, by name. */
  readonly random: Pick<SeededRandom, "fork" | "state">;
  readonly world: World;
  readonly indexes: Indexes;
  readonly ledger: Ledger;
  readonly agenda: Planner;
  /** Who does the work on tasks. */
  readonly work: Work;
  /** Makes what a worker reports a command, or part of the one that runs. */
  readonly command: <R>(call: () => R) => R;
  /** Tasks that were ended by the command that runs and not by their workers, who are told after it. */
  readonly stopped: { push(ended: { readonly task: Task; readonly why: Stop }): void };
  /** Has something told once the command that runs is kept. */
  readonly after: (tell: () => void) => void;
  /** Is told what a listener threw. */
  readonly report: (error: unknown) => void;
  /** What few engines need, once its code is there. */
  readonly slow: { reviews: SlowReviews | null };
}
