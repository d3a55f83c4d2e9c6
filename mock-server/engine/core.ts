import type { AgentType, Limits } from "../../src/contract/index.js";
import type { Agenda } from "./agenda.js";
import type { Ids } from "./ids.js";
import type { Indexes } from "./indexes.js";
import type { Ledger } from "./ledger.js";
import type { SeededRandom } from "./random.js";
import type { WorkStep } from "./work-plan.js";
import type { World } from "./world.js";

/** The parts of an engine that its rules work on. */
export interface Core {
  readonly limits: Limits;
  /** Bytes that all games together may hold. */
  readonly totalBytes: number;
  /** The types of agents that the engine began with, by name. More may have been added: `typesOf` gives all. */
  readonly types: ReadonlyMap<string, AgentType>;
  readonly ids: Ids;
  readonly random: SeededRandom;
  readonly world: World;
  readonly indexes: Indexes;
  readonly ledger: Ledger;
  readonly agenda: Agenda;
  /** What is left of the work of each running task. */
  readonly plans: Map<string, readonly WorkStep[]>;
  /** Games that were forgotten by the command that runs; who keeps something for them is told after it. */
  readonly forgotten: string[];
}
