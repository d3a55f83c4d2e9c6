import * as z from "../zod.js";
import { idSchema } from "../primitives.js";
import { route } from "../route.js";
import * as tasks from "../tasks.js";

/** What names a task in a path. */
export const taskParams = z.object({ task_id: idSchema });

/** The calls about tasks, by name. */
export const taskRoutes = {
  taskAssign: route({
    method: "POST",
    path: "/tasks/assign",
    access: "caller",
    body: tasks.taskAssignBodySchema,
    answer: { kind: "json", schema: tasks.taskAssignAnswerSchema },
  }),
  teamAssign: route({
    method: "POST",
    path: "/tasks/assign/collaborative",
    access: "caller",
    body: tasks.teamAssignBodySchema,
    answer: { kind: "json", schema: tasks.teamAssignAnswerSchema },
  }),
  taskList: route({
    method: "GET",
    path: "/tasks",
    access: "caller",
    query: tasks.taskListQuerySchema,
    answer: { kind: "list", item: tasks.taskSchema },
  }),
  taskGet: route({
    method: "GET",
    path: "/tasks/{task_id}/status",
    aliases: ["/tasks/{task_id}"],
    access: "caller",
    params: taskParams,
    answer: { kind: "json", schema: tasks.taskStatusAnswerSchema },
  }),
  taskCancel: route({
    method: "POST",
    path: "/tasks/{task_id}/cancel",
    access: "caller",
    params: taskParams,
    body: tasks.taskCancelBodySchema,
    answer: { kind: "json", schema: tasks.taskCancelAnswerSchema },
  }),
} as const;
