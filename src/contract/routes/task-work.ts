import { taskReviewAnswerSchema, taskReviewBodySchema } from "../changes.js";
import { taskAnswerAnswerSchema, taskAnswerBodySchema } from "../questions.js";
import { route } from "../route.js";
import { taskParams } from "./tasks.js";

/** The calls between whoever plays and whoever works on a task, by name. */
export const taskWorkRoutes = {
  taskAnswer: route({
    method: "POST",
    path: "/tasks/{task_id}/answer",
    access: "caller",
    params: taskParams,
    body: taskAnswerBodySchema,
    answer: { kind: "json", schema: taskAnswerAnswerSchema },
  }),
  taskDiff: route({
    method: "GET",
    path: "/tasks/{task_id}/diff",
    access: "caller",
    params: taskParams,
    answer: { kind: "text", mediaType: "text/x-diff" },
  }),
  taskReview: route({
    method: "POST",
    path: "/tasks/{task_id}/review",
    access: "caller",
    params: taskParams,
    body: taskReviewBodySchema,
    answer: { kind: "json", schema: taskReviewAnswerSchema },
  }),
} as const;
