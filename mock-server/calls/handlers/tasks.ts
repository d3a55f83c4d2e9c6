import { playRoutes as routes } from "../../../src/contract/play-routes.js";
import type { Task } from "../../../src/contract/index.js";
import { withBody, withParams, withParamsAndBody, withQuery } from "../operation.js";
import type { OperationTable } from "../operation.js";
import type { OperationParts } from "../parts.js";

type TaskOperations = Pick<
  OperationTable,
  | "taskAssign"
  | "teamAssign"
  | "taskList"
  | "taskGet"
  | "taskCancel"
  | "taskAnswer"
  | "taskDiff"
  | "taskReview"
>;

/** The calls about tasks; a task's output is streamed by whoever speaks HTTP. */
export function taskOperations({ engine, review }: OperationParts): TaskOperations {
  return {
    taskAssign: withBody(routes.taskAssign.body, ({ scope }, body) => {
      const { id, agent_id, status, work, message: waits } = engine.tasks.assign(scope, body);
      const message = work === "worker" && status !== "running" ? waits : assignedMessage(agent_id, status);
      return { answer: { success: true, task_id: id, agent_id, status, message } };
    }),

    teamAssign: withBody(routes.teamAssign.body, ({ scope }, body) => {
      const { team_id, tasks } = engine.tasks.assignTeam(scope, body);
      const agentIds = tasks.map(({ agent_id }) => {
        if (agent_id === null) throw new TypeError("A team's task has no agent.");
        return agent_id;
      });
      return {
        answer: {
          success: true,
          team_id,
          task_ids: tasks.map(({ id }) => id),
          agent_ids: agentIds,
          message: `A team of ${tasks.length} has the task.`,
        },
      };
    }),

    taskList: withQuery(routes.taskList.query, ({ scope }, query) => {
      const page = engine.tasks.list(scope, query);
      return { answer: page.items, nextCursor: page.next_cursor };
    }),

    taskGet: withParams(routes.taskGet.params, ({ scope }, { task_id }) => {
      const { id, ...fields } = engine.tasks.get(scope, task_id);
      return { answer: { success: true, task_id: id, ...fields } };
    }),

    taskCancel: withParamsAndBody(
      routes.taskCancel.params,
      routes.taskCancel.body,
      ({ scope }, { task_id }, { reason }) => {
        const { status } = engine.tasks.cancel(scope, task_id, reason ?? null);
        return { answer: { success: true, task_id, status, message: "The task is cancelled." } };
      },
    ),

    taskAnswer: withParamsAndBody(
      routes.taskAnswer.params,
      routes.taskAnswer.body,
      ({ scope }, { task_id }, body) => {
        engine.tasks.answer(scope, task_id, body);
        return { answer: { success: true, task_id, message: "The question is answered; the task goes on." } };
      },
    ),

    taskDiff: withParams(routes.taskDiff.params, ({ scope }, { task_id }) => ({
      answer: engine.tasks.diff(scope, task_id),
    })),

    taskReview: withParamsAndBody(
      routes.taskReview.params,
      routes.taskReview.body,
      ({ scope }, { task_id }, body) => {
        const changes = engine.tasks.review(scope, task_id, body);
        return changes === null
          ? { answer: null, later: review(scope, task_id, body) }
          : { answer: { success: true, task_id, changes } };
      },
    ),
  };
}

function assignedMessage(agentId: string | null, status: Task["status"]): string {
  if (agentId === null) return "No agent is free; the task waits for one.";
  if (status === "assigned") return `The task waits for the agent '${agentId}' to finish what it does.`;
  return `The agent '${agentId}' has the task.`;
}
