import type { AgentType, Limits, Task } from "../../src/contract/index.js";
import type { Stop, Work } from "../work/work.js";
import type { EngineError } from "./errors.js";
import type { Ids } from "./ids.js";
import type { Indexes } from "./indexes.js";
import type { Ledger } from "./ledger.js";
import type { SeededRandom } from "./random.js";
import type { Planner } from "./planner.js";
import type { ReviewRecord, World } from "./world.js";

/** A review of a task begins, or is over: `error` says what kept it from being done, null that nothing did, or that there is no such task. */
export type ReviewNews =
  | { readonly task_id: string; readonly begun: ReviewRecord }
  | { readonly task_id: string; readonly error: EngineError | null };

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
  /** Reviews that the command which runs has begun or ended, of which those are told after it who wait for them. */
  readonly reviewed: { push(news: ReviewNews): void };
}
