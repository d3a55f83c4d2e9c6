import type { Environment } from "../processes/environment.js";
import { findProgram } from "../processes/unstartable.js";
import type { Machine, Sighting } from "./adapter.js";

/** What is looked for. */
export interface Looked {
  readonly program: string;
  /** How it is installed: `npm install -g @openai/codex`. */
  readonly install: string;
  /** Variables beside those of the machine. */
  readonly more?: Environment;
  /** Whether it can reach a model, as far as one can see without calling one. */
  readonly login: (environment: Environment) => Extract<Sighting, { found: true }>["login"];
}

/** Milliseconds in which a program must have said its version. */
const SILENT_MS = 20_000;

/** Looks for a program that tells its version with `--version`. */
export async function lookFor(
  { processes, environment, program, directory }: Machine,
  { program: usual, install, more = {}, login }: Looked,
): Promise<Sighting> {
  const path = findProgram(program ?? usual, environment);
  if (path === null)
    return {
      found: false,
      remediation:
        program === null
          ? `Install it with "${install}", or name where it is in the profile.`
          : `There is no program at ${program}; name another one in the profile.`,
    };
  const asked = processes.start(path, ["--version"], {
    directory,
    environment: { ...environment, ...more },
    silentMs: SILENT_MS,
  });
  let version: string | null = null;
  for await (const line of asked.lines) version ??= /\d+\.\d+\.\d+\S*/.exec(line)?.[0] ?? null;
  await asked.exited;
  return { found: true, path, version, login: login(environment) };
}
