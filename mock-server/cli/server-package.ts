import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import type { CommandContext } from "./context.js";
import type { RunCommand } from "./run-command.js";
import { UsageError } from "./usage-error.js";

/** The package with the workers that run real agents; it has dependencies that no player's page needs. */
const PACKAGE = "oligarchy-agentvm-server";

/** The commands that it brings. */
const COMMANDS = {
  worker: "Do the work of a server's tasks with real command-line agents, in a git repository.",
  doctor: "Look which command-line agents are here, and what they lack.",
  watch: "Show your own sessions of claude in a terminal as characters of a game.",
} as const;

/** What the command knows of the package. */
export interface ServerPackage {
  /** Adds its commands to the program. */
  addCommands(program: Command, run: RunCommand): void;
  /** Adds to `agentvm serve` the options that say how real agents work. */
  addWorkspaceOptions(serve: Command): void;
  /** Starts to do the work of the server of this process, as the options of `agentvm serve` say. */
  startWorkspace(options: unknown, access: WorkerAccess, context: CommandContext): Promise<RunningWorkspace>;
  /** Adds to `agentvm serve` the options that say what is watched. */
  addWatchOptions(serve: Command): void;
  /** Starts to show a person's own sessions in the server of this process, as the options of `agentvm serve` say. */
  startWatching(options: unknown, access: WorkerAccess, context: CommandContext): Promise<RunningWorkspace>;
}

/** How a worker reaches the server of this process. */
export interface WorkerAccess {
  readonly endpoint: string;
  readonly apiKey: string;
}

/** An agent that is here. */
export interface WorkingAgent {
  readonly name: string;
  readonly version: string | null;
  /** Types of agents whose tasks it does. */
  readonly types: readonly string[];
  /** How it reaches a model, as far as one can see. */
  readonly login: "key" | "login" | "none" | null;
}

/** Real agents at work. */
export interface RunningWorkspace {
  readonly agents: readonly WorkingAgent[];
  /** What they work on and who they are, as pairs of a word and what it is. */
  readonly told: readonly (readonly [string, string])[];
  /** The same for programs. */
  readonly described: Readonly<Record<string, unknown>>;
  /** Rejects when they cannot go on. */
  readonly ended: Promise<void>;
  /** Ends what runs and lets go of the repository. */
  stop(): Promise<void>;
}

/** Whether a command line can only be followed with the package. */
export function wantsServerPackage([first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return false;
  return (
    Object.hasOwn(COMMANDS, first) ||
    (first === "serve" && rest.some((arg) => /^--(workspace|watch)(=|$)/.test(arg))) ||
    (first === "demo" && rest.includes("--real"))
  );
}

/**
 * Loads the package from beside this one, or from where the command was called.
 *
 * @throws UsageError where it is not installed, or another version than this one can use.
 */
export async function loadServerPackage({ cwd }: CommandContext): Promise<ServerPackage> {
  const found = await firstImport([
    () => import(PACKAGE),
    () => import(pathToFileURL(createRequire(join(cwd, "package.json")).resolve(PACKAGE)).href),
  ]);
  if (found === undefined)
    throw new UsageError(
      `Real agents are in the package ${PACKAGE}, which is not installed.`,
      `Install it beside this one: npm install ${PACKAGE}`,
    );
  if (isServerPackage(found)) return found;
  throw new UsageError(
    `The package ${PACKAGE} that is installed does not fit this version.`,
    `Install both anew: npm install oligarchy-agentvm@latest ${PACKAGE}@latest`,
  );
}

/** Names the package's commands in the help of an installation without it. */
export function addServerCommands(program: Command): void {
  for (const [name, description] of Object.entries(COMMANDS))
    program.command(name).description(`${description} (${PACKAGE})`);
}

async function firstImport(ways: readonly (() => Promise<unknown>)[]): Promise<unknown> {
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      // That something inside of the package is missing is no reason to say that it is not installed.
      if (!isNotFound(error)) throw error;
    }
  }
  return undefined;
}

function isNotFound(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error) || !error.message.includes(PACKAGE)) return false;
  return error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
}

function isServerPackage(module: unknown): module is ServerPackage {
  const names = [
    "addCommands",
    "addWorkspaceOptions",
    "startWorkspace",
    "addWatchOptions",
    "startWatching",
  ] satisfies (keyof ServerPackage)[];
  return (
    typeof module === "object" &&
    module !== null &&
    names.every((name) => typeof Reflect.get(module, name) === "function")
  );
}
