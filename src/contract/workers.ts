import * as z from "./zod.js";
import { checked, list, open, record, whole } from "./schema.js";
import { agentSchema } from "./agents.js";
import { CHANGED_FILES_MAX, changesGivenSchema, DIFF_MAX_BYTES, usageGivenSchema } from "./changes.js";
import {
  countSchema,
  idSchema,
  keywordSchema,
  positionSchema,
  shareSchema,
  textSchema,
  timestampSchema,
} from "./primitives.js";
import { answeredBySchema, askSchema } from "./questions.js";
import { taskSchema } from "./tasks.js";
import { CHILD_NAME_MAX, REPORTS_MAX } from "./worker.js";
import { workStateSchema } from "./work-states.js";

/** Tasks that one worker may have at the same time, at the most. */
export const WORKER_SLOTS_MAX = 64;

/** Types of agents that one worker may serve, at the most. */
export const WORKER_TYPES_MAX = 100;

/** Labels of a worker, and characters of one. */
export const WORKER_LABELS_MAX = 20;
const LABEL_MAX = 200;

/** Milliseconds that a claim may wait until there is a task. */
export const CLAIM_WAIT_MAX_MS = 30_000;

/** Characters of one piece of output, and of what a progress report or an error says. */
export const REPORT_TEXT_MAX = 65_536;
const MESSAGE_MAX = 1_000;

/** Reviews that a worker has in hand and names in a claim, at the most. */
export const REVIEWS_NAMED_MAX = 100;

/** Characters of the path of a file in conflict. */
const CONFLICT_PATH_MAX = 4_096;

/** The type by which a worker serves all types of agents. */
export const EVERY_TYPE = "*";

const upTo = (maximum: number) => checked(z.string(), z.maxLength(maximum));

const servedTypeSchema = checked(
  z.string(),
  z.regex(
    /^(?:\*|[A-Za-z0-9_-]{1,64})$/,
    "must be 1 to 64 characters of A-Z a-z 0-9 _ -, or * for every type",
  ),
);

const slotsSchema = checked(whole(), z.gte(1), z.lte(WORKER_SLOTS_MAX));

const labelsSchema = checked(record(upTo(LABEL_MAX)), ({ value, issues }) => {
  if (Object.keys(value).length <= WORKER_LABELS_MAX) return;
  const message = `must be at most ${WORKER_LABELS_MAX} labels`;
  issues.push({ code: "too_big", origin: "object", maximum: WORKER_LABELS_MAX, input: value, message });
});

/** The body of `POST /workers`. */
export const workerJoinBodySchema = z.strictObject({
  name: textSchema(80),
  agent_types: checked(list(servedTypeSchema, WORKER_TYPES_MAX), z.minLength(1)),
  slots: z._default(slotsSchema, () => 1),
  /** The worker's own version, for people who look. */
  version: z.optional(textSchema(80)),
  labels: z.optional(labelsSchema),
  /** Whether it is asked when what its tasks have changed is accepted or discarded, and says whether that could be done. */
  reviews: z.optional(z.boolean()),
});

/** The answer to `POST /workers`. */
export const workerJoinAnswerSchema = z.object({
  success: z.literal(true),
  worker_id: idSchema,
  /** Seconds of silence after which the worker is taken for lost, and its tasks go to others. */
  lease_seconds: checked(z.number(), z.gt(0)),
});

/** The body of `POST /workers/{worker_id}/claim`. */
export const workerClaimBodySchema = z.strictObject({
  /** Tasks that are wanted, at the most; one that has fewer slots free gets no more than those. */
  slots: z._default(slotsSchema, () => 1),
  /** Milliseconds to wait until there is one. */
  wait_ms: z._default(checked(whole(), z.gte(0), z.lte(CLAIM_WAIT_MAX_MS)), () => 0),
  /** Asks for reviews beside tasks, and names those that the worker has in hand already, which are not told again. */
  reviews: z.optional(list(idSchema, REVIEWS_NAMED_MAX)),
});

/** A task in the hands of a worker. */
export const claimedJobSchema = z.object({
  task: taskSchema,
  agent: agentSchema,
  /** Goes with every report: those of an earlier attempt are refused. */
  attempt: countSchema,
  lease_expires_at: timestampSchema,
  /** The task whose conversation it goes on with, as far as it is still known. */
  continues: z.nullable(taskSchema),
});
export type ClaimedJob = z.output<typeof claimedJobSchema>;

/** A review that a worker is asked for: what it did is to be taken in, or thrown away. */
export const askedReviewSchema = z.object({
  /** Goes with the answer. */
  review_id: idSchema,
  /** Whose changes it is about; without its result, whose output may be long. */
  task: taskSchema,
  verdict: open("accept", "discard"),
  /** What was said of it. */
  message: z.nullable(z.string()),
});
export type AskedReview = z.output<typeof askedReviewSchema>;

/** The answer to `POST /workers/{worker_id}/claim`. */
export const workerClaimAnswerSchema = z.object({
  success: z.literal(true),
  jobs: list(claimedJobSchema),
  /** Reviews that are wanted of the worker, where it asked for them. */
  reviews: z.optional(list(askedReviewSchema)),
});

/** The body of `POST /workers/{worker_id}/observe`: all sessions that the worker sees now. */
export const workerObserveBodySchema = z.strictObject({
  sessions: list(
    z.strictObject({
      /** The worker's own name for it. */
      session: textSchema(LABEL_MAX),
      agent_type: keywordSchema,
      /** What its agent is called. */
      name: textSchema(80),
      /** What is done in it now; left out while nothing is. */
      turn: z.optional(
        z.strictObject({
          /** Counts the turns of a session from 1: each is one task. */
          number: checked(whole(), z.gte(1)),
          /** What was wanted; more than a prompt may have is cut off. */
          prompt: checked(z.string(), z.regex(/\S/, "must not be blank")),
        }),
      ),
    }),
    WORKER_SLOTS_MAX,
  ),
  /** The game in which they are seen; left out, the newest that is connected. Where it is not there, they are seen in no game until it is. */
  game_id: z.optional(idSchema),
});

/** The answer to `POST /workers/{worker_id}/observe`. */
export const workerObserveAnswerSchema = z.object({
  success: z.literal(true),
  lease_expires_at: timestampSchema,
  sessions: list(
    z.object({
      session: z.string(),
      /** The agent by which it is seen; null where there is no room for one. */
      agent_id: z.nullable(idSchema),
      /** The task of its turn, until a report of it has come; null where there is none. */
      job: z.nullable(claimedJobSchema),
    }),
  ),
});

/** One thing that a worker has to say of its task. */
export const reportSchema = z.union([
  /** Its agent is seen doing something else. */
  z.strictObject({ state: workStateSchema }),
  /** It is somewhere else. */
  z.strictObject({ position: positionSchema }),
  /** How far the work has come, 0 to 1 (left out: as far as before), and what it is at. */
  z.strictObject({ progress: z.optional(z.nullable(shareSchema)), message: upTo(MESSAGE_MAX) }),
  /** More output. */
  z.strictObject({
    output: z.strictObject({
      stream: z._default(z.literal(["stdout", "stderr"]), () => "stdout" as const),
      text: upTo(REPORT_TEXT_MAX),
    }),
  }),
  /** Something is asked of the player. */
  z.strictObject({ question: askSchema }),
  /** It need not be known any more. */
  z.strictObject({ question_withdrawn: idSchema }),
  /** What a model has used so far. */
  z.strictObject({ usage: usageGivenSchema }),
  /** An agent that helps comes, does something else, or leaves; `child` is the worker's own name for it. */
  z.strictObject({
    agent: z.union([
      z.strictObject({
        child: textSchema(LABEL_MAX),
        name: z.optional(textSchema(CHILD_NAME_MAX)),
        state: workStateSchema,
      }),
      z.strictObject({ child: textSchema(LABEL_MAX), gone: z.literal(true) }),
    ]),
  }),
]);
export type Report = z.output<typeof reportSchema>;

const attemptSchema = checked(whole(), z.gte(1));

/** The body of `POST /tasks/{task_id}/report`. */
export const taskReportBodySchema = z.strictObject({
  attempt: attemptSchema,
  /** Counts the reports of an attempt from 1, so that one that comes twice happens once, and none is skipped. */
  number: attemptSchema,
  /** In their order. None is a sign of life. All of them are taken, or none is. */
  reports: list(reportSchema, REPORTS_MAX),
});

/** What became of a question, as its worker hears it. */
export const workerAnswerSchema = z.object({
  question_id: idSchema,
  choice: z.nullable(idSchema),
  text: z.nullable(z.string()),
  by: answeredBySchema,
});
export type WorkerAnswer = z.output<typeof workerAnswerSchema>;

/** The answer to `POST /tasks/{task_id}/report`. */
export const taskReportAnswerSchema = z.object({
  success: z.literal(true),
  lease_expires_at: timestampSchema,
  /** Whether the task was ended by somebody else: nothing of it is taken any more, and the worker is to stop. */
  cancelled: z.boolean(),
  /** The ids of the questions that this report asked, in their order. */
  questions: list(idSchema),
  /** What became of the last questions, the newest last. */
  answers: list(workerAnswerSchema),
});
export type ReportAnswer = z.output<typeof taskReportAnswerSchema>;

/** The body of `POST /tasks/{task_id}/finish`. */
export const taskFinishBodySchema = checked(
  z.strictObject({
    attempt: attemptSchema,
    success: z.boolean(),
    /** The rest of its output. */
    output: z.optional(z.string()),
    /** Why it failed; for a success there is none. */
    error: z.optional(z.strictObject({ code: keywordSchema, message: textSchema(MESSAGE_MAX) })),
    changes: z.optional(changesGivenSchema),
    /** The same as a unified diff. */
    diff: z.optional(upTo(DIFF_MAX_BYTES)),
    usage: z.optional(usageGivenSchema),
  }),
  ({ value, issues }) => {
    if (value.success === (value.error === undefined)) return;
    const message = value.success ? "is told of a failure alone" : "is missing: say why it failed";
    issues.push({ code: "custom", params: { type: "value_error" }, input: value, path: ["error"], message });
  },
);

/** The answer to `POST /tasks/{task_id}/finish`. */
export const taskFinishAnswerSchema = z.object({ success: z.literal(true) });

/** The body of `POST /tasks/{task_id}/reviewed`. */
export const taskReviewedBodySchema = checked(
  z.strictObject({
    review_id: idSchema,
    /** Files that stand against it: nothing was changed then. None, or left out: it is done. */
    conflicts: z.optional(list(textSchema(CONFLICT_PATH_MAX), CHANGED_FILES_MAX)),
    /** Why it could not be done, in words for who reviews. */
    error: z.optional(z.strictObject({ message: textSchema(MESSAGE_MAX) })),
  }),
  ({ value, issues }) => {
    if (value.error === undefined || value.conflicts === undefined) return;
    const message = "must be left out where files are in conflict";
    issues.push({ code: "custom", params: { type: "value_error" }, input: value, path: ["error"], message });
  },
);

/** The answer to `POST /tasks/{task_id}/reviewed`. */
export const taskReviewedAnswerSchema = z.object({ success: z.literal(true) });

/** The answer to `DELETE /workers/{worker_id}`. */
export const workerLeaveAnswerSchema = z.object({ success: z.literal(true), message: z.string() });

/** What a worker hears on its own connection, so that nothing has to be asked for again and again, by name. */
export const noticeDataSchemas = {
  /** There is a task that it could claim. */
  "work.offered": z.object({ worker_id: idSchema }),
  /** One of its tasks was ended by somebody else, or is another's by now. */
  "work.cancelled": z.object({
    worker_id: idSchema,
    task_id: idSchema,
    attempt: countSchema,
    reason: open("cancelled", "timeout", "lost"),
  }),
  /** A question of one of its tasks is closed. */
  "task.answered": z.object({
    worker_id: idSchema,
    task_id: idSchema,
    attempt: countSchema,
    ...workerAnswerSchema.shape,
  }),
  /** What one of its tasks has changed is to be taken in, or thrown away. */
  "work.review": z.object({ worker_id: idSchema, ...askedReviewSchema.shape }),
} as const;
export type NoticeName = keyof typeof noticeDataSchemas;
export type NoticeData = { [N in NoticeName]: z.output<(typeof noticeDataSchemas)[N]> };

/** One of them. */
export type Notice = {
  [N in NoticeName]: { readonly type: "notice"; readonly name: N; readonly data: NoticeData[N] };
}[NoticeName];

/** A notice as it stands in a frame; one of a later version has another name. */
export const noticeFrameSchema = z.object({
  type: z.literal("notice"),
  name: open("work.offered", "work.cancelled", "task.answered", "work.review"),
  data: z.unknown(),
});
