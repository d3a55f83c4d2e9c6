import type { ChangedFile, Fault, Usage } from "../../../src/contract/index.js";
import type { ReadScript } from "./effects.js";
import type { WorkQuestion, WorkState } from "../../../src/worker/types.js";

/**
 * Says what happens to a task that it fits. All that is left out of the first part fits every task, all that is left out of the second
 * does not happen: a script of `{}` fits everything, and is done at once.
 */
export interface Script extends ScriptEffects {
  /** What it is called where it is told of. Default: `script 1`, by its place. */
  readonly name?: string | undefined;
  /** A text that the prompt has in it, or a pattern, which sees the first 1,000 characters. */
  readonly prompt?: string | RegExp | undefined;
  readonly agent_type?: string | undefined;
  /** The agent's id, or its name. */
  readonly agent?: string | undefined;
  readonly task_type?: string | undefined;
  /** How many tasks it is for. Default: any number. */
  readonly times?: number | undefined;
}

/** A script of a backend. */
export interface ScriptEntry {
  readonly given: Script;
  /** How many came before it. */
  readonly place: number;
  /** What was made of it when it was looked at; null before. */
  script: ReadScript | null;
}

/** How a script was used. */
export interface ScriptUse {
  readonly name: string;
  /** How many tasks it was for until now. */
  readonly uses: number;
  /** How many it is for in all; null for any number. */
  readonly times: number | null;
  /** The ids of the last tasks that it was for, at most 20. */
  readonly tasks: readonly string[];
  /** The last task that came to it and that it was not for, and why. */
  readonly missed: { readonly task_id: string; readonly why: string } | null;
}

/** A script as it is told. */
export interface ListedScript extends ScriptUse {
  /** By which it can be taken away: `script_1`, from its place. */
  readonly id: string;
  /** As it was given. */
  readonly script: Script;
}

/** What happens to a task: first it asks, then it takes its time, then it is over. */
export interface ScriptEffects {
  /** Questions to the player, one after the other, before the rest. */
  readonly asks?: ScriptedQuestion | readonly ScriptedQuestion[] | undefined;
  /** Seconds on the backend's clock. Default 0: done within the call that gave it to its agent. */
  readonly takes?: number | undefined;
  /** What the agent is seen doing, each for the same time. Default `["coding"]`. */
  readonly states?: readonly WorkState[] | undefined;
  /** Messages of its progress, at the same distance from each other, the first at the start. */
  readonly says?: string | readonly string[] | undefined;
  /** What it writes to stdout: a text at its end, or lines at the same distance from each other, the last at the end. */
  readonly output?: string | readonly string[] | undefined;
  /** It does not succeed. */
  readonly fails?: Fault | undefined;
  readonly changes?: ScriptedChanges | undefined;
  readonly usage?: (Pick<Usage, "input_tokens" | "output_tokens"> & Partial<Usage>) | undefined;
}

/** A question, and what follows from its answer: that takes the place of what its script says under the same names. */
export interface ScriptedQuestion extends WorkQuestion {
  /** By the option that was chosen; `"*"` for any other answer. */
  readonly answers?: Readonly<Record<string, ScriptEffects>> | undefined;
  /** When nobody answered in time. */
  readonly unanswered?: ScriptEffects | undefined;
}

/** What a task seems to have changed. No file is. */
export interface ScriptedChanges {
  /** What is changed, as a unified diff. */
  readonly diff?: string | undefined;
  /** Default: those of the diff. */
  readonly files?: readonly (string | (Pick<ChangedFile, "path"> & Partial<ChangedFile>))[] | undefined;
  /** Default `agentvm/<task_id>`. */
  readonly branch?: string | undefined;
  /** Default `main`. */
  readonly base?: string | undefined;
  /** Files in which accepting it ends with a conflict. Default: none. */
  readonly conflicts?: readonly string[] | undefined;
}
