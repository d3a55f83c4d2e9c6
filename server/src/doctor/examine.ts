import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ADAPTERS } from "../adapters/index.js";
import { AgentError } from "../agent-error.js";
import type { Variables } from "../processes/environment.js";
import { createRedactor } from "../processes/redact/redactor.js";
import type { SandboxPlan } from "../sandbox/open-sandbox.js";
import { tryBubblewrap } from "../sandbox/try-bubblewrap.js";
import type { AgentSettings } from "../settings/settings.js";
import { lookFor } from "../worker/present-agents.js";
import type { Surroundings } from "../worker/present-agents.js";
import { stateHome } from "../state-folder.js";
import { openWorkspace } from "../workspace/open-workspace.js";

/** One thing that was looked at. */
export interface Finding {
  /** What it is about: `repository`, `sandbox`, `disk`, or the name of an agent. */
  readonly about: string;
  /** `well`; `warning` where it works and something should be known; `missing` where it does not. */
  readonly state: "well" | "warning" | "missing";
  /** What was found, in words. */
  readonly found: string;
  /** What to do about it; null where there is nothing to be done. */
  readonly remedy: string | null;
}

/** Everything that was looked at, and whether real agents can work. */
export interface Examination {
  /** A repository, and an agent that is here and, as far as one can see, reaches its model. */
  readonly well: boolean;
  readonly findings: readonly Finding[];
}

/** Where to look. */
export interface ExamineOptions {
  readonly folder: string;
  readonly agents: Readonly<Record<string, AgentSettings>>;
  /** The sandbox that is wanted. Default: none, and it is told whether there could be one. */
  readonly sandbox?: SandboxPlan | null;
  readonly env: Variables;
  readonly cwd: string;
  /** Free bytes of the disk on which a folder is; null where that cannot be told. Default: what the machine says. */
  readonly freeBytes?: (folder: string) => Promise<number | null>;
}

/** Free bytes under which worktrees may fill the disk. */
const ROOM_MIN = 2 ** 30;

/** Looks what real agents need, and says of each what to do where it is not there. It starts no agent, calls no model and logs nobody in. */
export async function examine({
  folder,
  agents,
  sandbox = null,
  env,
  cwd,
  freeBytes = freeBytesOf,
}: ExamineOptions): Promise<Examination> {
  const repository = await lookAtRepository(resolve(cwd, folder), env);
  const names = Object.keys({ ...ADAPTERS, ...agents });
  const looked: Finding[] = [];
  const surroundings = { env, directory: cwd, redactor: createRedactor(env) };
  for (const name of names) looked.push(await lookAtAgent(name, agents[name] ?? {}, surroundings));
  const sandboxed = await lookAtSandbox(sandbox, surroundings);
  const usable = looked.some(
    ({ state, remedy }) => state === "well" || (state === "warning" && remedy === null),
  );
  return {
    well: [repository, sandboxed].every(({ state }) => state !== "missing") && usable,
    findings: [repository, ...looked, sandboxed, await lookAtDisk(env, freeBytes)],
  };
}

async function lookAtRepository(folder: string, env: Variables): Promise<Finding> {
  try {
    const workspace = await openWorkspace(folder, { environment: env });
    await workspace.close();
    return well("repository", `${workspace.root}; accepted work goes into ${workspace.base}`);
  } catch (error) {
    return missing("repository", error);
  }
}

async function lookAtAgent(name: string, given: AgentSettings, surroundings: Surroundings): Promise<Finding> {
  try {
    const looked = await lookFor(name, given, surroundings);
    if (looked.agent === null)
      return { about: name, state: "missing", found: "not here", remedy: looked.remediation };
    const { version, program, login, warning, adapter } = looked.agent;
    const what = `${version ?? "of an unknown version"} at ${program}`;
    if (login === "none")
      return {
        about: name,
        state: "warning",
        found: `${what}, neither logged in nor with a key`,
        remedy: `Run ${adapter.program} once by hand and log in, or set one of the variables of its keys.`,
      };
    const how = login === null ? "whether it is logged in cannot be seen" : LOGIN[login];
    if (warning !== null)
      return { about: name, state: "warning", found: `${what}, ${how}. ${warning}`, remedy: null };
    return well(name, `${what}, ${how}`);
  } catch (error) {
    return missing(name, error);
  }
}

async function lookAtSandbox(wanted: SandboxPlan | null, { env, redactor }: Surroundings): Promise<Finding> {
  const tried = await tryBubblewrap(env, { network: wanted?.network ?? true, redactor });
  if (tried.works)
    return well("sandbox", `bubblewrap ${tried.version ?? "of an unknown version"} at ${tried.bwrap} works`);
  const state = wanted === null ? "warning" : "missing";
  return { about: "sandbox", state, found: tried.found, remedy: tried.remedy };
}

const LOGIN = { key: "with a key", login: "logged in" } as const;

async function lookAtDisk(
  env: Variables,
  freeBytes: (folder: string) => Promise<number | null>,
): Promise<Finding> {
  const folder = stateHome(env);
  const free = await freeBytes(folder);
  if (free === null) return well("disk", "how much room there is cannot be told");
  const told = `${(free / 2 ** 30).toFixed(1)} GiB free where worktrees are (${folder})`;
  if (free >= ROOM_MIN) return well("disk", told);
  return {
    about: "disk",
    state: "warning",
    found: told,
    remedy: "Make room, or set XDG_STATE_HOME to a folder on another disk.",
  };
}

/** The folder need not be there yet: it will be on the disk of the nearest one above it that is. */
async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return dirname(folder) === folder ? null : freeBytesOf(dirname(folder));
  }
}

function well(about: string, found: string): Finding {
  return { about, state: "well", found, remedy: null };
}

function missing(about: string, error: unknown): Finding {
  if (!(error instanceof AgentError)) throw error;
  return { about, state: "missing", found: error.message, remedy: error.remediation };
}
