import type { Task } from "oligarchy-agentvm";
import type {
  AgentEvent,
  AgentQuestion,
  AgentReply,
  PermissionAnswer,
  PermissionRequest,
} from "../agent-events.js";
import type { Processes } from "../processes/processes.js";
import type { Environment } from "../processes/environment.js";
import type { HomeNeeds } from "../processes/sandbox.js";

/** One kind of command-line agent: how it is found and run, and what it says in the words of {@link AgentEvent}. */
export interface Adapter {
  /** Its name in options, profiles and `agentvm doctor`: `claude`. */
  readonly name: string;
  /** The program that is looked for in PATH. */
  readonly program: string;
  /** The agent's types whose tasks it does when nothing else is said. */
  readonly types: readonly string[];
  /** Names of environment variables that it needs beside those that every process gets: keys, endpoints, proxies. */
  readonly variables: readonly string[];
  /** Versions that it was tried with, oldest first; another one is warned of and run. Empty where there are no versions. */
  readonly known: readonly string[];
  /** What it needs of the person's home in a sandbox, where all else of that is hidden. Default: nothing. */
  needs?(home: string, environment: Environment, args: readonly string[]): HomeNeeds;
  /** Whether it can work without a network. Default: it cannot, since its model is on it. */
  readonly worksOffline?: boolean;
  /** Looks for the program, its version, and whether somebody is logged in. Never asks, logs in or opens anything. */
  look(machine: Machine): Promise<Sighting>;
  /**
   * Does a task to its end. Resolves with what it came to, whatever that was; it rejects with the signal's reason when that is aborted, and
   * for nothing else that the agent does.
   */
  run(run: AgentRun): Promise<AgentResult>;
}

/** Where an adapter looks for its program. */
export interface Machine {
  readonly processes: Processes;
  readonly environment: Environment;
  /** A program in the place of the one in PATH, from the profile. */
  readonly program: string | null;
  /** The folder in which it is asked. */
  readonly directory: string;
}

/** What was found of a program. */
export type Sighting =
  | {
      readonly found: true;
      readonly path: string;
      readonly version: string | null;
      /** Whether it can reach a model as far as one can see without calling one; null where that cannot be seen. */
      readonly login: "key" | "login" | "none" | null;
    }
  | { readonly found: false; readonly remediation: string };

/** One task in the hands of an adapter. */
export interface AgentRun {
  readonly task: Task;
  /** What the player wants, whole. It is never put on a command line. */
  readonly prompt: string;
  /** Where it works: the task's worktree. */
  readonly directory: string;
  /** A folder of the task's own outside of the worktree, for files that the agent must not commit. It exists, and is deleted afterwards. */
  readonly scratch: string;
  /** The agent's name for the conversation that it goes on with; null for a new one. */
  readonly session: string | null;
  /** The program, as it was found or as the profile names it. */
  readonly program: string;
  /** More arguments from the profile. */
  readonly args: readonly string[];
  /** The model that the profile wants; null for the agent's own choice. */
  readonly model: string | null;
  /** Variables for its processes, allowlisted already. */
  readonly environment: Environment;
  /** Starts its processes: in groups, sandboxed where that is wanted, output bounded and redacted. */
  readonly processes: Processes;
  /** Aborted when the task is cancelled, takes too long or is another's by now. */
  readonly signal: AbortSignal;
  /** Tells what the agent does. It throws nothing. */
  tell(event: AgentEvent): void;
  /** Asks whether something may be done; answered by the rules of the profile, by the player, or with no. */
  permit(request: PermissionRequest): Promise<PermissionAnswer>;
  /** Asks the player something that the agent wants to know. */
  ask(question: AgentQuestion): Promise<AgentReply>;
  /** The question or request that is open need not be answered any more: it was answered elsewhere, or the agent went on. */
  withdraw(): void;
}

/** What an agent's work came to, as the agent says; whether anything has changed is looked at in the worktree. */
export type AgentResult =
  | { readonly success: true; readonly summary: string }
  | {
      readonly success: false;
      /** A keyword for programs: `not_logged_in`, `overloaded`, `crashed`, `hung`, `gave_up`. */
      readonly code: string;
      /** What happened and what to do, for a player. */
      readonly message: string;
    };
