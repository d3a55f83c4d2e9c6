import type { Clock } from "../../src/contract/index.js";
import type { WorkByType, WorkReview } from "../../src/worker/types.js";
import type { scriptOfJson } from "./scripts/script-of-json.js";
import type { ScriptEntry, ScriptUse } from "./scripts/script.js";
import type { Work } from "./work.js";

/** What those who work are made of. */
export interface WorkersParts {
  /** Does what no script fits and no function is for. */
  readonly rest: Work;
  /** By the agent's type, and `"*"`. */
  readonly functions: WorkByType;
  /** Carries out reviews of what functions have changed. */
  readonly review: WorkReview | undefined;
  /** The scripts that there are now; more may come and some may go. */
  readonly scripts: ScriptEntry[];
  /** The backend's own time. */
  readonly clock: Clock;
  /** What errors must not tell. */
  readonly keys: readonly string[];
  readonly onError: (error: unknown) => void;
}

/** All who work, as one. */
export interface Workers extends Work {
  /**
   * Looks at the scripts that nobody has looked at yet.
   *
   * @throws TypeError for one that is wrong, which is taken out.
   */
  check(): void;
  useOf(entry: ScriptEntry): ScriptUse;
  /** Ends what runs outside of the domain. */
  end(): void;
}

/** The code of those who work beside the simulation. */
export interface WorkCode {
  readonly scriptOfJson: typeof scriptOfJson;
  readonly createWorkers: (parts: WorkersParts) => Workers;
}
