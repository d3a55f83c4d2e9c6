import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import type { Environment } from "../processes/environment.js";
import type { StartOptions } from "../processes/processes.js";
import type { HomeNeeds } from "../processes/sandbox.js";
import { findProgram } from "../processes/unstartable.js";
import { programFolders } from "../sandbox/program-folders.js";
import type { Adapter, AgentResult, AgentRun, Machine, Sighting } from "./adapter.js";
import { CommandAsking } from "./command/asking.js";
import { outcomeOf } from "./command/outcome.js";
import { CommandStory } from "./command/story.js";

/** Stands in a command line for the path of a file with the prompt. */
const PROMPT_FILE = "{prompt_file}";

/** How a command of a person's own is run. */
export interface CommandOptions {
  /** What the agent is called in the settings. */
  readonly name: string;
  /**
   * What the command reads: the prompt as `text`, and then the end; or `json`, a line with the prompt and then one for each answer, until it ends by
   * itself. Default: text.
   */
  readonly input?: "text" | "json";
  /** Milliseconds without a line of output, after which it is taken to hang. Default: 20 minutes. */
  readonly silentMs?: number;
}

/** Makes what runs a command line of a person's own as an agent. */
export function createCommand({ name, input = "text", silentMs = 1_200_000 }: CommandOptions): Adapter {
  return {
    name,
    program: name,
    types: ["custom"],
    variables: [],
    known: [],
    worksOffline: true,
    needs,
    look,
    run: (run) => runCommand(run, { name, input, silentMs }),
  };
}

/** The programs and scripts that the command line names. */
function needs(home: string, _environment: Environment, args: readonly string[]): HomeNeeds {
  const scripts = args.filter((word) => isAbsolute(word) && isFile(word));
  return { kept: [], files: [], read: scripts.flatMap((script) => programFolders(script, home)) };
}

async function look({ environment, program, directory }: Machine): Promise<Sighting> {
  const named = program ?? "";
  const path = isInWorktree(named) ? resolve(directory, named) : findProgram(named, environment);
  if (path !== null && isFile(path))
    return { found: true, path: isInWorktree(named) ? named : path, version: null, login: null };
  const remediation = isInWorktree(named)
    ? `There is no ${named} in ${directory}. It is looked for in the worktree of each task, so it has to be committed; else name its whole path.`
    : `There is no program ${named}; correct the command in the settings, or install it.`;
  return { found: false, remediation };
}

async function runCommand(
  run: AgentRun,
  { name, input, silentMs }: Required<CommandOptions>,
): Promise<AgentResult> {
  const { signal, directory, prompt, session, model, scratch, task } = run;
  signal.throwIfAborted();
  const program = isInWorktree(run.program) ? resolve(directory, run.program) : run.program;
  const args = await withPrompt(run);
  const first = JSON.stringify({ prompt, task_id: task.id, session });
  const running = run.processes.start(program, args, {
    directory,
    environment: {
      ...run.environment,
      AGENTVM_SCRATCH: scratch,
      ...(session !== null && { AGENTVM_SESSION: session }),
      ...(model !== null && { AGENTVM_MODEL: model }),
    },
    input: inputOf(input, args === run.args ? prompt : null),
    silentMs,
    signal,
  });
  if (input === "json") running.write(`${first}\n`);
  const asking = new CommandAsking(run, running, input === "json");
  const story = new CommandStory(run, asking);
  running.onErrorLine((line) => story.output("stderr", line));
  try {
    for await (const line of running.lines) story.line(line);
    const exit = await running.exited;
    signal.throwIfAborted();
    return outcomeOf(name, exit, { message: story.lastMessage, errorText: running.errorText() });
  } finally {
    asking.close();
    await running.stop();
  }
}

/** What it reads: the prompt, with the end of its line, where that is not told otherwise. */
function inputOf(input: "text" | "json", prompt: string | null): NonNullable<StartOptions["input"]> {
  if (input === "json") return "open";
  return { text: prompt === null ? "" : prompt.endsWith("\n") ? prompt : `${prompt}\n` };
}

/** The arguments, with the path of a file that has the prompt where they ask for one; themselves where they do not. */
async function withPrompt({ args, prompt, scratch }: AgentRun): Promise<readonly string[]> {
  if (!args.some((word) => word.includes(PROMPT_FILE))) return args;
  const file = join(scratch, "prompt.txt");
  await writeFile(file, prompt, { mode: 0o600 });
  return args.map((word) => word.replaceAll(PROMPT_FILE, file));
}

/** Whether a program is looked for from the worktree on, as a shell would that is there. */
function isInWorktree(program: string): boolean {
  return program.includes("/") && !isAbsolute(program);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
