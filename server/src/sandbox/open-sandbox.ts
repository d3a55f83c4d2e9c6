import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { Adapter } from "../adapters/adapter.js";
import { AgentError, EXIT } from "../agent-error.js";
import type { Environment, Variables } from "../processes/environment.js";
import type { Redactor } from "../processes/redact/redactor.js";
import type { HomeNeeds, Sandbox } from "../processes/sandbox.js";
import { homeOf, stateFolder, withHome } from "../state-folder.js";
import { bubblewrap } from "./bubblewrap.js";
import { holdsHome } from "./mounts.js";
import { tryBubblewrap } from "./try-bubblewrap.js";

/** How agents are sandboxed, as options and settings say it. */
export interface SandboxPlan {
  /** Whether they reach the network. */
  readonly network: boolean;
  /** More paths that they may look at, and some that they may write; `~` is the home. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Makes the sandboxes of tasks. */
export interface Sandboxes {
  readonly network: boolean;
  /** One for the programs of a task; without a folder it is for a look at a program. */
  make(of: {
    readonly directory: string | null;
    readonly scratch: string;
    readonly needs: HomeNeeds | null;
  }): Sandbox;
}

/** Where sandboxes are made. */
export interface SandboxSurroundings {
  readonly env: Variables;
  readonly cwd: string;
  readonly redactor: Redactor;
  /** The repository or folder in which tasks work. */
  readonly root: string;
  /** Whether they work in it itself. */
  readonly inPlace: boolean;
}

/**
 * Sees to it that programs can be sandboxed.
 *
 * @throws AgentError `no_sandbox` where they cannot: nothing is run without one then; `config` for paths that are not there, or would hide
 *   nothing.
 */
export async function openSandboxes(
  { network, read, write }: SandboxPlan,
  { env, cwd, redactor, root, inPlace }: SandboxSurroundings,
): Promise<Sandboxes> {
  const tried = await tryBubblewrap(env, { network, redactor });
  if (!tried.works)
    throw new AgentError(`The agents cannot be sandboxed: ${tried.found}.`, {
      code: "no_sandbox",
      remediation: tried.remedy,
      exitCode: EXIT.config,
    });
  const home = homeOf(env);
  const paths = (given: readonly string[]): readonly string[] =>
    given.map((path) => checked(path, home, cwd));
  if (inPlace && holdsHome(root, home))
    throw hidesNothing(root, "Let the agents work in a folder of its own.");
  const options = {
    bwrap: tried.bwrap,
    network,
    home,
    kept: join(stateFolder(env), "sandbox-home"),
    read: paths(read),
    write: paths(write),
  };
  return { network, make: (of) => bubblewrap({ ...options, ...of }) };
}

/** What agents need of the person's home, as variables of theirs may name it. */
export function homeNeedsOf({
  adapter,
  environment,
  args,
}: {
  readonly adapter: Pick<Adapter, "needs">;
  readonly environment: Environment;
  readonly args: readonly string[];
}): HomeNeeds | null {
  return adapter.needs?.(homeOf(environment), environment, args) ?? null;
}

function checked(path: string, home: string, cwd: string): string {
  const whole = withHome(path, home);
  const absolute = isAbsolute(whole) ? whole : resolve(cwd, whole);
  if (!existsSync(absolute))
    throw new AgentError(`The sandbox is to show ${path}, and that is not there.`, {
      code: "config",
      remediation: "Correct sandbox.read or sandbox.write in the settings, or make the folder.",
      exitCode: EXIT.config,
    });
  if (holdsHome(absolute, home)) throw hidesNothing(path, "Name folders in it.");
  return absolute;
}

function hidesNothing(path: string, remediation: string): AgentError {
  return new AgentError(
    `${path} is or holds your home: with all of it in the sandbox nothing would be hidden.`,
    {
      code: "config",
      remediation,
      exitCode: EXIT.config,
    },
  );
}
