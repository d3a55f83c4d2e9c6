import { WorkFailure } from "oligarchy-agentvm/worker";
import type { WorkJob } from "oligarchy-agentvm/worker";
import type { Environment } from "../processes/environment.js";
import type { AgentProcess, Processes } from "../processes/processes.js";

/** What makes a new worktree ready for an agent, since it has nothing that git does not know of. */
export interface SetUp {
  /** A command of the shell: `npm ci`. */
  readonly command: string;
  /** Its variables, in which no agent's key is. */
  readonly environment: Environment;
}

/** Milliseconds without a line, after which it is taken to hang. */
const SILENT_MS = 600_000;

/** Lines of what it said last that a failure tells. */
const LAST_LINES = 8;

/** Files that a failure names. */
const FILES_MAX = 5;

/**
 * Runs it in the worktree, before the agent comes.
 *
 * @throws WorkFailure `setup_failed` when it fails, and when it has made or changed what would be committed as the agent's work.
 */
export async function setUpWorktree(
  { command, environment }: SetUp,
  directory: string,
  processes: Processes,
  job: WorkJob,
): Promise<void> {
  job.state("coding");
  job.progress(0, `Sets up: ${command}`);
  const options = { directory, environment, signal: job.signal };
  const running = processes.start("/bin/sh", ["-c", command], { ...options, silentMs: SILENT_MS });
  running.onErrorLine((line) => job.write(`${line}\n`, "stderr"));
  const said: string[] = [];
  for await (const line of running.lines) {
    job.write(`${line}\n`);
    said.push(line);
    if (said.length > LAST_LINES) said.shift();
  }
  const exit = await running.exited;
  job.signal.throwIfAborted();
  if (exit.kind !== "code" || exit.code !== 0) {
    const how = exit.kind === "hung" ? "said nothing for ten minutes" : "failed";
    const errors = running.errorText();
    const last = [...said, ...(errors === "" ? [] : errors.split("\n"))].slice(-LAST_LINES).join("\n");
    throw new WorkFailure(
      "setup_failed",
      `The set-up "${command}" ${how}${last === "" ? "." : `:\n${last}\n`}Try it by hand in a fresh worktree of the repository.`,
    );
  }
  const made = await linesOf(processes.start("git", ["status", "--porcelain"], options));
  if (made.length === 0) return;
  const names = made.slice(0, FILES_MAX).map((line) => line.slice(3));
  throw new WorkFailure(
    "setup_failed",
    `The set-up "${command}" has made what git sees, and what would be taken for the agent's work: ${names.join(", ")}${made.length > FILES_MAX ? ", …" : ""}. Put it into .gitignore, or take a command that changes no file of the repository, such as "npm ci" for "npm install".`,
  );
}

async function linesOf(running: AgentProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of running.lines) lines.push(line);
  await running.exited;
  return lines;
}
