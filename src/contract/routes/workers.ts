import * as z from "../zod.js";
import { list } from "../schema.js";
import { idSchema } from "../primitives.js";
import { route } from "../route.js";
import { workerSchema } from "../worker.js";
import * as workers from "../workers.js";
import { workerHeads } from "./worker-heads.js";

const workerParams = z.object({ worker_id: idSchema });
const taskParams = z.object({ task_id: idSchema });

/** The calls of those who do the work on tasks, by name. */
export const workerRoutes = {
  workerList: route({
    ...workerHeads.workerList,
    answer: { kind: "json", schema: list(workerSchema) },
  }),
  workerJoin: route({
    ...workerHeads.workerJoin,
    body: workers.workerJoinBodySchema,
    answer: { kind: "json", schema: workers.workerJoinAnswerSchema },
  }),
  workerClaim: route({
    ...workerHeads.workerClaim,
    params: workerParams,
    body: workers.workerClaimBodySchema,
    answer: { kind: "json", schema: workers.workerClaimAnswerSchema },
  }),
  workerObserve: route({
    ...workerHeads.workerObserve,
    params: workerParams,
    body: workers.workerObserveBodySchema,
    answer: { kind: "json", schema: workers.workerObserveAnswerSchema },
  }),
  workerLeave: route({
    ...workerHeads.workerLeave,
    params: workerParams,
    answer: { kind: "json", schema: workers.workerLeaveAnswerSchema },
  }),
  taskReport: route({
    ...workerHeads.taskReport,
    params: taskParams,
    body: workers.taskReportBodySchema,
    answer: { kind: "json", schema: workers.taskReportAnswerSchema },
  }),
  taskFinish: route({
    ...workerHeads.taskFinish,
    params: taskParams,
    body: workers.taskFinishBodySchema,
    answer: { kind: "json", schema: workers.taskFinishAnswerSchema },
  }),
  taskReviewed: route({
    ...workerHeads.taskReviewed,
    params: taskParams,
    body: workers.taskReviewedBodySchema,
    answer: { kind: "json", schema: workers.taskReviewedAnswerSchema },
  }),
} as const;
