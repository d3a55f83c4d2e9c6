import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, Task } from "oligarchy-agentvm";
import { WorkFailure } from "oligarchy-agentvm/worker";
import type { Work, WorkJob, WorkResult } from "oligarchy-agentvm/worker";
import type { Adapter, AgentResult } from "../adapters/adapter.js";
import { AgentError } from "../agent-error.js";
import type { AgentEvent } from "../agent-events.js";
import type { Environment } from "../processes/environment.js";
import type { TaskProcesses } from "../processes/create-processes.js";
import { reachOf } from "../permissions/reach.js";
import type { Rule } from "../permissions/rules.js";
import { TaskPermissions } from "../permissions/permissions.js";
import type { Place, PlaceChanges, Workspace } from "../workspace/workspace.js";
import { Character } from "./character.js";
import type { Redact } from "./character.js";
import type { Conversations } from "./conversations.js";
import { Questions } from "./questions.js";
import { setUpWorktree } from "./set-up.js";
import type { SetUp } from "./set-up.js";
import { removeScratch } from "./scratch.js";

/** One agent that is here, as the settings have it. */
export interface PresentAgent {
  readonly adapter: Adapter;
  /** The program that was found. */
  readonly program: string;
  readonly args: readonly string[];
  readonly model: string | null;
  readonly environment: Environment;
}

/** What work on tasks with real agents is made of. */
export interface AgentWorkParts {
  readonly workspace: Workspace;
  readonly conversations: Conversations;
  /** Starts the programs of a task: sandboxed where that is wanted, with the task's worktree and scratch folder as what they may write. */
  readonly processesFor: (
    task: Task,
    directory: string,
    scratch: string,
    agent: PresentAgent,
  ) => TaskProcesses;
  /** What makes a worktree ready before the agent comes; null for nothing. */
  readonly setUp: SetUp | null;
  readonly rules: readonly Rule[];
  /** Seconds for which a question waits for the player. */
  readonly askSeconds: number;
  readonly redact: Redact;
  readonly clock: Clock;
  /** Is told what the agent of a task does, before anybody else. */
  readonly onEvent?: (taskId: string, event: AgentEvent) => void;
}

/** The function that does a task with a real agent, in a worktree of the task's own. */
export function agentWork(agent: PresentAgent, parts: AgentWorkParts): Work {
  return async (task, job) => {
    const place = await opened(parts, task);
    const doing: Doing = { agent, parts, task, job, place };
    const scratch = mkdtempSync(join(tmpdir(), "agentvm-"));
    const character = new Character(job, parts.clock, parts.redact);
    try {
      const result = await run(doing, scratch, character);
      return await settle(result, doing, character.hasActed);
    } catch (error) {
      if (job.signal.aborted) await leave(doing);
      throw inWords(error, parts.redact);
    } finally {
      character.close();
      removeScratch(scratch);
    }
  };
}

/** One task, where it is done and who is seen doing it. */
interface Doing {
  readonly agent: PresentAgent;
  readonly parts: AgentWorkParts;
  readonly task: Task;
  readonly job: WorkJob;
  readonly place: Place;
}

async function run(
  { agent, parts, task, job, place }: Doing,
  scratch: string,
  character: Character,
): Promise<AgentResult> {
  const { adapter, program, args, model, environment } = agent;
  const questions = new Questions(job, parts.askSeconds, parts.redact);
  const permissions = new TaskPermissions(parts.rules, reachOf(place.directory), (asked) =>
    questions.permission(asked),
  );
  const processes = parts.processesFor(task, place.directory, scratch, agent);
  try {
    if (parts.setUp !== null) await setUpPlace(parts.setUp, place, processes, job);
    job.state("thinking");
    return await adapter.run({
      task,
      prompt: task.prompt,
      directory: place.directory,
      scratch,
      session: task.continues === null ? null : parts.conversations.of(task.continues, adapter.name),
      program,
      args,
      model,
      environment,
      processes,
      signal: job.signal,
      tell(event) {
        parts.onEvent?.(task.id, event);
        if (event.kind === "session") parts.conversations.keep(task.id, adapter.name, event.session);
        character.tell(event);
      },
      permit: (request) => permissions.permit(request),
      ask: (question) => questions.ask(question),
      withdraw: () => questions.withdraw(),
    });
  } finally {
    // Nothing may change the worktree any more when it is looked at.
    await processes.close();
  }
}

/** Makes a place ready. Where that fails nothing in it is anybody's work, and it is removed. */
async function setUpPlace(setUp: SetUp, place: Place, processes: TaskProcesses, job: WorkJob): Promise<void> {
  try {
    await setUpWorktree(setUp, place.directory, processes, job);
  } catch (error) {
    await processes.close();
    await place.remove();
    throw error;
  }
}

/** Commits what has changed, and says what the task came to. */
async function settle(result: AgentResult, doing: Doing, hasActed: boolean): Promise<WorkResult> {
  const { agent, parts, job, place } = doing;
  const { redact } = parts;
  const changes = await commit(doing);
  if (typeof place.note === "string") job.write(`${place.note}\n`, "stderr");
  const told = changes === null ? {} : toldOf(changes, redact);
  if (!result.success) throw new WorkFailure(result.code, redact(result.message), told);
  if (changes === null && !hasActed && result.summary.trim() === "")
    throw new WorkFailure(
      "nothing_done",
      `${agent.adapter.name} ended without a word and without a change. Say more exactly what is wanted, or look whether it works by hand.`,
    );
  return {
    ...told,
    ...(result.summary.trim() !== "" && !hasActed && { output: `${redact(result.summary)}\n` }),
  };
}

function toldOf({ branch, base, commit, files, diff }: PlaceChanges, redact: Redact): WorkResult {
  return { changes: { branch, base, commit, files }, diff: redact(diff) };
}

/** Keeps on its branch what was done until a task was ended: nobody can be told of it any more, and nothing of it is lost. */
async function leave(doing: Doing): Promise<void> {
  try {
    await commit(doing);
  } catch {
    // What is left is settled when the worker starts again.
  }
}

/** Commits what has changed in the agent's name; where nothing has, the place is gone. */
async function commit({ agent, parts, task, job, place }: Doing): Promise<PlaceChanges | null> {
  const changes = await place.commit(messageFor(task, agent, parts.redact), job.agent.name);
  if (changes === null) await place.remove();
  return changes;
}

const SUBJECT_MAX = 72;

/** The commit's message: what was wanted, and who did it for which task. */
function messageFor({ prompt, id }: Task, { adapter }: PresentAgent, redact: Redact): string {
  const line = redact(prompt).replace(/\s+/g, " ").trim();
  const subject = line.length > SUBJECT_MAX ? `${line.slice(0, SUBJECT_MAX - 1)}…` : line;
  return `${subject === "" ? `Task ${id}` : subject}\n\nDone by ${adapter.name} for the task ${id}.\n`;
}

async function opened({ workspace, redact }: AgentWorkParts, task: Task): Promise<Place> {
  try {
    return await workspace.open(task);
  } catch (error) {
    throw inWords(error, redact);
  }
}

/** An error with what to do about it, as a task tells it. */
function inWords(error: unknown, redact: Redact): unknown {
  if (!(error instanceof AgentError)) return error;
  return new WorkFailure(error.code, redact(`${error.message} ${error.remediation}`));
}
