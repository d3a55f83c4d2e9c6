import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter, Machine, Sighting } from "../adapters/adapter.js";
import { createCommand } from "../adapters/command.js";
import { ADAPTERS } from "../adapters/index.js";
import { AgentError, EXIT } from "../agent-error.js";
import { createProcesses } from "../processes/create-processes.js";
import { allowedEnvironment } from "../processes/environment.js";
import type { Variables } from "../processes/environment.js";
import type { Redactor } from "../processes/redact/redactor.js";
import type { Sandbox } from "../processes/sandbox.js";
import { homeOf, withHome } from "../state-folder.js";
import { homeNeedsOf } from "../sandbox/open-sandbox.js";
import type { Sandboxes } from "../sandbox/open-sandbox.js";
import type { AgentSettings } from "../settings/settings.js";
import type { PresentAgent } from "./agent-work.js";
import { removeScratch } from "./scratch.js";

/** One agent that is here, and whose tasks it does. */
export interface FoundAgent extends PresentAgent {
  /** What it is called in the settings: the adapter's name, or one of the person's own. */
  readonly name: string;
  readonly types: readonly string[];
  readonly version: string | null;
  /** How it reaches a model, as far as one can see. */
  readonly login: "key" | "login" | "none" | null;
  /** What should be known of it before it works; null where all is well. */
  readonly warning: string | null;
}

/** Where agents are looked for. */
export interface Surroundings {
  readonly env: Variables;
  readonly directory: string;
  readonly redactor: Redactor;
  /** What agents are to run in, so that one which does not run there is known of before it has a task. Default: nothing. */
  readonly sandbox?: Sandboxes | null;
}

/**
 * Looks for the agents that are wanted: those that are named, else those of the settings, else all that are known.
 *
 * @throws AgentError `no_agent` where none is here, or one that was named is not; `usage` for a name that is none.
 */
export async function findAgents(
  settings: Readonly<Record<string, AgentSettings>>,
  named: readonly string[],
  surroundings: Surroundings,
): Promise<readonly FoundAgent[]> {
  // Those of the settings first: of several that serve a type it is the first that does its tasks.
  const all = Object.keys({ ...settings, ...ADAPTERS });
  const unknown = named.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new AgentError(`There is no agent '${unknown}'.`, {
      code: "usage",
      remediation: `Name one of ${all.join(", ")}, or describe it in the file of --settings.`,
      exitCode: EXIT.usage,
    });
  const found: FoundAgent[] = [];
  const missing: string[] = [];
  const absent: string[] = [];
  for (const name of named.length > 0 ? named : all) {
    const looked = await lookFor(name, settings[name] ?? {}, surroundings);
    if (looked.agent !== null) found.push(looked.agent);
    else {
      absent.push(`${name}: ${looked.remediation}`);
      if (named.includes(name) || Object.hasOwn(settings, name))
        missing.push(`${name}: ${looked.remediation}`);
    }
  }
  if (missing.length > 0 || found.length === 0)
    throw new AgentError(
      missing.length > 0 ? "An agent that was named is not here." : "No command-line agent is here.",
      {
        code: "no_agent",
        remediation:
          missing.length > 0
            ? missing.join(" ")
            : `Install one of them, and see with agentvm doctor what it lacks. ${absent.join(" ")}`,
      },
    );
  return found;
}

/** What came of looking for one agent. */
export type Looked = { readonly agent: FoundAgent } | { readonly agent: null; readonly remediation: string };

/**
 * Looks for one agent.
 *
 * @throws AgentError `config` where the settings do not say which one it is.
 */
export async function lookFor(
  name: string,
  given: AgentSettings,
  { env, directory, redactor, sandbox = null }: Surroundings,
): Promise<Looked> {
  const adapter = adapterOf(name, given);
  const environment = allowedEnvironment(env, [...adapter.variables, ...(given.variables ?? [])]);
  const [command, ...words] = (given.command ?? []).map((word) => withHome(word, homeOf(env)));
  const args = command === undefined ? (given.args ?? []) : words;
  const look = async (inside: Sandbox | null, at: string): Promise<Sighting> => {
    const processes = createProcesses({ task: randomUUID(), directories: [], redactor, sandbox: inside });
    const machine: Machine = {
      processes,
      environment,
      program: command ?? given.program ?? null,
      directory: at,
    };
    return adapter.look(machine).finally(() => processes.close());
  };
  const sighting = await look(null, directory);
  if (!sighting.found) return { agent: null, remediation: sighting.remediation };
  if (sandbox !== null) {
    const remediation = await hindranceIn(
      sandbox,
      { name, adapter, environment, args, version: sighting.version },
      look,
    );
    if (remediation !== null) return { agent: null, remediation };
  }
  const agent: FoundAgent = {
    name,
    adapter,
    program: sighting.path,
    args,
    model: given.model ?? null,
    environment,
    types: given.types ?? adapter.types,
    version: sighting.version,
    login: sighting.login,
    warning: warningFor(name, adapter, sighting.version, sighting.login),
  };
  return { agent };
}

/** What hinders an agent from working in the sandbox; null where nothing does, as far as one can see. */
async function hindranceIn(
  sandbox: Sandboxes,
  agent: Pick<FoundAgent, "name" | "adapter" | "environment" | "args" | "version">,
  look: (inside: Sandbox, at: string) => Promise<Sighting>,
): Promise<string | null> {
  const { name, adapter, version } = agent;
  if (!sandbox.network && adapter.worksOffline !== true)
    return `${name} reaches its model over the network, which the sandbox is to keep from it. Leave sandbox.network out of the settings, or name other agents.`;
  // One that has no version is not run to look at it, here as little as outside.
  if (version === null) return null;
  const scratch = mkdtempSync(join(tmpdir(), "agentvm-look-"));
  try {
    const needs = homeNeedsOf(agent);
    const inside = await look(sandbox.make({ directory: null, scratch, needs }), scratch);
    if (inside.found && inside.version === version) return null;
    return `${name} does not run in the sandbox: something that it needs is hidden there. Name the folders under sandbox.read in the settings, or do without --sandbox.`;
  } finally {
    removeScratch(scratch);
  }
}

function adapterOf(name: string, { adapter = name, command, input }: AgentSettings): Adapter {
  if (command !== undefined) return createCommand({ name, ...(input !== undefined && { input }) });
  const known = ADAPTERS[adapter];
  if (known !== undefined) return known;
  throw new AgentError(`The agent '${name}' is run as '${adapter}', which is not known.`, {
    code: "config",
    remediation: `Say with 'adapter' which one it is (${Object.keys(ADAPTERS).join(", ")}), or with 'command' how it is run.`,
    exitCode: EXIT.config,
  });
}

function warningFor(
  name: string,
  adapter: Adapter,
  version: string | null,
  login: string | null,
): string | null {
  if (login === "none")
    return `${name} is not logged in and has no key: its tasks will fail. agentvm doctor tells what to do.`;
  if (version === null || adapter.known.length === 0 || adapter.known.includes(version)) return null;
  return `${name} ${version} was not tried; ${adapter.known.join(", ")} ${adapter.known.length === 1 ? "was" : "were"}. It is run all the same.`;
}
