import type { ParsedBodyOf, Task } from "../../src/contract/index.js";
import { isTaskEnding } from "../../src/contract/tasks.js";
import type { AgentRecord } from "./agent-record.js";
import { answerQuestion } from "./answering.js";
import { WAITING_TASKS_MAX } from "./bounds.js";
import type { Core } from "./core.js";
import type { Engine } from "./engine.js";
import { EngineError, invalidRequest } from "./errors.js";
import { announce, askToBegin, candidatesFor, endTask, offer } from "./flow.js";
import { frozenCopy } from "./frozen.js";
import { gameKey } from "./idle-pools.js";
import { agentFor, checkPrompt, findAgent, findTask, findType, requireGame } from "./lookup.js";
import { newTask } from "./new-task.js";
import { pageOf } from "./page.js";
import { reserve } from "./byte-budget.js";
import { diffOf, review } from "./reviews.js";
import { assignTeam } from "./teams.js";
import type { Scope } from "./types.js";
import { sizeOfTask, weightOfNewTask } from "./weights.js";
import type { TaskRecord } from "./world.js";

/** The calls about tasks. */
export function taskCalls(core: Core): Engine["tasks"] {
  return {
    assign: (scope, body) => assign(core, scope, body),
    assignTeam: (scope, body) => assignTeam(core, scope, body),
    get: (scope, taskId) => findTask(core, scope, taskId).task,

    list(scope, query) {
      if (query.game_id !== undefined) requireGame(core, scope, query.game_id);
      const gameId = query.game_id ?? (scope.kind === "game" ? scope.game_id : undefined);
      const { world, indexes } = core;
      const records = gameId === undefined ? world.tasks.values() : indexes.tasksByGame.of(gameId);
      const give = ({ task }: TaskRecord): Task | undefined => {
        if (query.agent_id !== undefined && task.agent_id !== query.agent_id) return undefined;
        if (query.team_id !== undefined && task.team_id !== query.team_id) return undefined;
        if (query.status !== undefined && task.status !== query.status) return undefined;
        return task;
      };
      return pageOf(records, query, give, sizeOfTask);
    },

    cancel(scope, taskId, reason) {
      const record = findTask(core, scope, taskId);
      if (isTaskEnding(record.task.status)) {
        throw new EngineError(
          "task_not_cancellable",
          `The task '${taskId}' is over: it is ${record.task.status} and stays so.`,
        );
      }
      endTask(core, record, { kind: "cancelled", reason });
      return record.task;
    },

    answer: (scope, taskId, body) => answerQuestion(core, scope, taskId, body),
    diff: (scope, taskId) => diffOf(core, scope, taskId),
    review: (scope, taskId, body) => review(core, scope, taskId, body),

    output(scope, taskId, offset) {
      const { task } = findTask(core, scope, taskId);
      if (!Number.isSafeInteger(offset) || offset < 0) {
        throw invalidRequest(["query", "offset"], "must be a whole number of bytes from 0 up");
      }
      const written = core.world.outputs.get(taskId)?.from(offset) ?? { lines: [], next_offset: offset };
      return { ...written, ended: isTaskEnding(task.status) ? task.status : null };
    },
  };
}

function assign(core: Core, scope: Scope, body: ParsedBodyOf<"taskAssign">): Task {
  checkPrompt(core.limits, body.prompt);
  if (body.preferred_type !== undefined) findType(core, body.preferred_type, ["body", "preferred_type"]);
  const before = body.continues === undefined ? undefined : findTask(core, scope, body.continues).task;
  // Who did the first part knows most of it.
  let worker =
    body.agent_id === undefined
      ? agentFor(core, scope, before?.agent_id ?? "")
      : findAgent(core, scope, body.agent_id);
  if (worker && core.world.observed.has(worker.agent.id)) {
    if (body.agent_id !== undefined)
      throw invalidRequest(["body", "agent_id"], "is somebody's own session, which takes no tasks");
    worker = undefined;
  }
  const gameId = worker
    ? worker.agent.game_id
    : scope.kind === "game"
      ? scope.game_id
      : (before?.game_id ?? null);
  if (before && before.game_id !== gameId)
    throw invalidRequest(["body", "continues"], "is a task of another game than the agent's");
  const continues = before?.id ?? null;
  const metadata = body.metadata === undefined ? {} : frozenCopy(body.metadata, ["body", "metadata"]);
  const task = newTask(core, { ...body, game_id: gameId, team_id: null, metadata, continues });
  if (willWait(core, task, worker) && core.indexes.queue.count(gameKey(gameId)) >= WAITING_TASKS_MAX) {
    const whose = gameId === null ? "of no game" : `of the game '${gameId}'`;
    throw new EngineError(
      "storage_full",
      `${WAITING_TASKS_MAX} tasks ${whose} wait already, as many as may.`,
    );
  }
  reserve(core, gameId, weightOfNewTask(body.prompt, metadata));
  if (worker === undefined) offer(core, task, body.preferred_type);
  else {
    announce(core, task, worker.agent);
    const record = findTask(core, scope, task.id);
    if (worker.agent.state === "idle") askToBegin(core, record, worker);
  }
  return findTask(core, { kind: "all" }, task.id).task;
}

function willWait(core: Core, task: Task, worker: AgentRecord | undefined): boolean {
  if (core.work.kindOf(task, worker?.agent ?? null) === "worker") return true;
  if (worker) return worker.agent.state !== "idle";
  return candidatesFor(core, task.game_id).next().done === true;
}
