import type { SystemStatus, Worker } from "../../../src/contract/index.js";
import type { Problem } from "../../../src/contract/schema.js";
import type { Fault, ListedFault } from "../../testing/faults/fault.js";
import type { ScriptUse } from "../../work/scripts/script.js";
import type { LoggedCall } from "./call-log.js";

/** What is seen of a backend from inside, beside what the contract's calls tell. */
export interface BackendReport {
  /** Where chance and ids began. */
  readonly seed: number;
  /** Whether what is there came from a snapshot. */
  readonly restored: boolean;
  /** The backend's time: ISO 8601, UTC. */
  readonly time: string;
  /** Seconds of the backend that pass in one; 0 is paused. */
  readonly speed: number;
  readonly status: SystemStatus;
  /** Calls that were answered since the number that was asked for, oldest first. */
  readonly calls: readonly LoggedCall[];
  /** What goes wrong on purpose; null where the backend is one that cannot be told to. */
  readonly faults: readonly ListedFault[] | null;
}

/** A worker, and the tasks that it has now. */
export interface ListedWorker extends Worker {
  readonly tasks: readonly { readonly task_id: string; readonly attempt: number }[];
}

/** A script of the backend, as JSON: a prompt that is a pattern is written between strokes. */
export interface WrittenScript extends ScriptUse {
  readonly id: string;
  readonly script: Readonly<Record<string, unknown>>;
}

/** Where a backend begins anew. */
export interface NewBeginning {
  /** Left out, it is the seed that the backend has. */
  readonly seed?: number | undefined;
  /** What `saveSnapshot` gave, read as JSON; left out, the backend begins empty. */
  readonly snapshot?: unknown;
}

/** What the console does to a backend that no call of the contract does. Every method rejects with an Error whose message is for people. */
export interface BackendControls {
  /** How the backend is, and the calls after a number; 0 for all that are kept. */
  report(afterCall: number, signal?: AbortSignal): Promise<BackendReport>;
  /** Seconds of the backend that pass in one; 0 pauses it. */
  setSpeed(speed: number): Promise<void>;
  /** Lets time pass at once, in milliseconds, with all that happens in it. */
  advance(ms: number): Promise<void>;
  /** Begins anew, empty or from a snapshot. Nothing has changed when it rejects. */
  restart(beginning: NewBeginning): Promise<void>;
  /** All that there is, as JSON text. */
  saveSnapshot(): Promise<string>;
  /** Those who do the work on tasks from processes of their own, in the order in which they came. */
  workers(signal?: AbortSignal): Promise<readonly ListedWorker[]>;
  /** What happens to tasks that fit, in the order in which they are tried, and how each was used. */
  scripts(signal?: AbortSignal): Promise<readonly WrittenScript[]>;
  /** Adds one, read as JSON. Gives what is wrong with it, each with the place in it; nothing when it was added. */
  addScript(script: unknown): Promise<readonly Problem[]>;
  /** Takes a script away by its id, or all. */
  removeScripts(id?: string): Promise<void>;
  /** Lets something go wrong from now on. */
  addFault(fault: Fault): Promise<void>;
  /** Takes a fault away by its id, or all. */
  removeFaults(id?: string): Promise<void>;
}

/** Milliseconds that may pass in one step: a day. */
export const STEP_MAX_MS = 86_400_000;

/** Scripts that there may be when another one is added at the console. */
export const SCRIPTS_MAX = 1_000;

/** The fastest that a clock may be set to. */
export const SPEED_MAX = 10_000;
