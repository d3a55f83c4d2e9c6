import { route } from "../route.js";
import { taskOutputLineSchema, taskOutputQuerySchema } from "../task-output.js";
import { taskParams } from "./tasks.js";

/** The call that reads what a task writes, by name. */
export const taskOutputRoutes = {
  taskOutput: route({
    method: "GET",
    path: "/tasks/{task_id}/output",
    access: "caller",
    params: taskParams,
    query: taskOutputQuerySchema,
    answer: { kind: "ndjson", line: taskOutputLineSchema },
  }),
} as const;
