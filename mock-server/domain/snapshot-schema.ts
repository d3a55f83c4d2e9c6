import * as z from "../../src/contract/zod.js";
import { checked, list, record, whole } from "../../src/contract/schema.js";
import {
  MOVE_CLIENTS_MAX,
  agentSchema,
  agentTypeSchema,
  toldAgentStateSchema,
} from "../../src/contract/agents.js";
import { gameConnectBodySchema } from "../../src/contract/games.js";
import { toldMetadataSchema } from "../../src/contract/metadata.js";
import { countSchema, idSchema, keywordSchema } from "../../src/contract/primitives.js";
import { sceneBodySchema } from "../../src/contract/scenes.js";
import { taskResultSchema, taskSchema } from "../../src/contract/tasks.js";
import { SNAPSHOT_VERSION } from "../../src/contract/version.js";
import { CHILDREN_MAX, REPORTS_MAX, workerSchema } from "../../src/contract/worker.js";
import { ANALYTICS_ROWS_MAX } from "../../src/contract/analytics-sums.js";
import { answeredBySchema, questionSchema } from "../../src/contract/questions.js";
import { SESSION_TOKENS_KEPT, TASK_ANSWERS_MAX } from "./bounds.js";
import { JOB_KINDS } from "./agenda.js";

/** The word by which a snapshot is known. */
export const SNAPSHOT_FORMAT = "agentvm-snapshot";

/** How far things may be counted: more than ever happens, and far enough from where numbers have gaps that counting can go on. */
const COUNT_MAX = 1e15;

/** How many ids may have been given. There are 2^40 of a kind, and then they would come again. */
const IDS_MAX = 1e12;

/** The first and the last year of a time; what comes after it still has thousands of years that a time can be written in. */
const FIRST_YEAR = 1970;
const LAST_YEAR = 2999;

/** Milliseconds that anything may be planned ahead: the longest that a limit allows. */
export const AHEAD_MAX_MS = 1e12;

const counted = checked(whole(), z.gte(0), z.lte(COUNT_MAX));
const moment = checked(z.number(), z.gte(0), z.lte(Date.UTC(LAST_YEAR + 1, 0) + AHEAD_MAX_MS));

/** A time of the wire that there is. */
const timeSchema = checked(z.string(), ({ value, issues }) => {
  const time = new Date(value);
  const year = time.getUTCFullYear();
  if (year >= FIRST_YEAR && year <= LAST_YEAR && time.toISOString() === value) return;
  const message = `must be a UTC time like 2026-01-31T12:00:00.000Z, of the years ${FIRST_YEAR} to ${LAST_YEAR}`;
  issues.push({ code: "invalid_format", format: "datetime", input: value, message });
});

const lineSchema = z.object({ stream: z.literal(["stdout", "stderr"]), text: z.string() });

/** What a snapshot keeps may be from before the size of free data was bounded. */
const metadata = z.optional(toldMetadataSchema);
const aboutSchema = z.strictObject({ ...gameConnectBodySchema.shape, metadata });
const sceneSchema = z.strictObject({ ...sceneBodySchema.shape, metadata });

const savedAgentSchema = z.object({ ...agentSchema.shape, created_at: timeSchema, updated_at: timeSchema });

const savedTaskSchema = z.object({
  ...taskSchema.shape,
  result: z.nullable(z.object({ ...taskResultSchema.shape, completed_at: timeSchema })),
  question: z._default(
    z.nullable(z.object({ ...questionSchema.shape, asked_at: timeSchema, expires_at: timeSchema })),
    () => null,
  ),
  created_at: timeSchema,
  started_at: z.nullable(timeSchema),
  completed_at: z.nullable(timeSchema),
});

const durationsSchema = z.object({
  count: counted,
  sum: checked(z.number(), z.gte(0)),
  buckets: list(z.object({ bucket: whole(), count: counted })),
});

const textOrNull = z.nullable(z.string());

const sumsSchema = z.object({
  events: counted,
  reconnects: counted,
  losses: counted,
  calls: list(
    z.object({ call: z.string(), errors: counted, retries: counted, durations: durationsSchema }),
    ANALYTICS_ROWS_MAX,
  ),
  tasks: list(
    z.object({
      task_type: textOrNull,
      agent_type: textOrNull,
      completed: counted,
      failed: counted,
      cancelled: counted,
      durations: durationsSchema,
    }),
    ANALYTICS_ROWS_MAX,
  ),
  interactions: list(
    z.object({ agent_id: z.string(), agent_type: textOrNull, count: counted }),
    ANALYTICS_ROWS_MAX,
  ),
});

const worldSchema = z.object({
  types: z._default(list(agentTypeSchema), () => []),
  agents: list(
    z.object({
      agent: savedAgentSchema,
      ordinal: counted,
      // One that was written before knew of one number for all clients, which says nothing of any.
      sequences: z._default(
        list(z.object({ client: z.string(), sequence: countSchema }), MOVE_CLIENTS_MAX),
        () => [],
      ),
      // One that was written before has the place alone; whoever comes back to it then has heard of it.
      moved: z.optional(z.object({ seq: counted, timestamp: timeSchema, sequence: z.nullable(countSchema) })),
    }),
  ),
  tasks: list(z.object({ task: savedTaskSchema, ordinal: counted, preferred: z.optional(keywordSchema) })),
  outputs: list(z.object({ task_id: idSchema, full: z.boolean(), lines: list(lineSchema) })),
  // One that was written before anybody could ask has none of these.
  asked: z._default(
    list(
      z.object({
        task_id: idSchema,
        resumes: z.nullable(toldAgentStateSchema),
        answers: list(
          z.object({
            question_id: idSchema,
            choice: z.nullable(idSchema),
            text: textOrNull,
            by: answeredBySchema,
          }),
          TASK_ANSWERS_MAX,
        ),
      }),
    ),
    () => [],
  ),
  diffs: z._default(list(z.object({ task_id: idSchema, text: z.string() })), () => []),
  reviews: z._default(
    list(
      z.object({
        task_id: idSchema,
        review_id: idSchema,
        verdict: z.literal(["accept", "discard"]),
        message: textOrNull,
        worker_id: z.nullable(idSchema),
      }),
    ),
    () => [],
  ),
  children: z._default(
    list(
      z.object({
        task_id: idSchema,
        agents: list(z.object({ child: z.string(), agent_id: idSchema }), CHILDREN_MAX),
      }),
    ),
    () => [],
  ),
  // One that was written before there were workers has none of these either.
  workers: z._default(
    list(
      z.object({
        worker: z.object({ ...workerSchema.shape, joined_at: timeSchema, last_seen_at: timeSchema }),
        ordinal: counted,
        owner: z.string(),
        seen_at: moment,
        expires_at: moment,
      }),
    ),
    () => [],
  ),
  observed: z._default(
    list(
      z.object({
        agent_id: idSchema,
        worker_id: idSchema,
        session: z.string(),
        turn: counted,
        task_id: z.nullable(idSchema),
      }),
    ),
    () => [],
  ),
  leases: z._default(
    list(
      z.object({
        task_id: idSchema,
        worker_id: idSchema,
        given_at: moment,
        number: counted,
        asked: list(idSchema, REPORTS_MAX),
        reviewer: z.optional(z.object({ name: z.string(), owner: z.string() })),
      }),
    ),
    () => [],
  ),
  turns: z._default(list(z.object({ game: z.string(), turn: counted })), () => []),
  teams: list(z.object({ team_id: idSchema, task_ids: list(idSchema), open: counted, succeeded: counted })),
  games: list(z.object({ game_id: idSchema, ordinal: counted, about: aboutSchema })),
  sessions: list(
    z.object({
      session_id: idSchema,
      game_id: idSchema,
      expires_at: moment,
      /** One that was written before knows of no tokens: clients connect anew. */
      tokens: z._default(list(z.string(), SESSION_TOKENS_KEPT), () => []),
    }),
  ),
  answers: z._default(
    list(
      z.object({
        owner: z.string(),
        key: z.string(),
        fingerprint: z.string(),
        answer: z.unknown(),
        until: moment,
      }),
    ),
    () => [],
  ),
  scenes: list(z.object({ scene_id: idSchema, revision: counted, body: sceneSchema })),
  ended: list(idSchema),
  ordinals: z.object({ agent: counted, task: counted, game: counted }),
  made: record(counted),
  endings: z.object({ completed: counted, failed: counted, cancelled: counted }),
  // What is in it is looked into by the workers whose it is.
  work: z._default(list(z.object({ task_id: idSchema, kept: record(z.unknown()) })), () => []),
});
export type WorldSnapshot = z.output<typeof worldSchema>;

/** What a snapshot is. */
export const snapshotSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  version: z.literal(SNAPSHOT_VERSION),
  /** Where in the event log the snapshot was taken. */
  epoch: idSchema,
  seq: counted,
  /** The last commit that is in it. */
  rev: z._default(counted, () => 0),
  saved_at: timeSchema,
  random: list(whole()),
  ids: z.object({ seed: whole(), counts: record(checked(whole(), z.gte(0), z.lte(IDS_MAX))) }),
  agenda: z.object({
    order: counted,
    jobs: list(z.object({ due: moment, order: counted, kind: z.literal(JOB_KINDS), id: z.string() })),
  }),
  /** What one that was written before kept of work, which was simulated always. */
  plans: z.optional(list(z.object({ task_id: idSchema, steps: z.unknown() }))),
  /** What clients have reported; one that was written before has none of it. */
  analytics: z.optional(
    z.object({
      since: moment,
      all: sumsSchema,
      games: list(z.object({ game_id: idSchema, sums: sumsSchema })),
    }),
  ),
  world: worldSchema,
});

/** Everything that an engine needs to go on from where another was, as JSON. It holds no key and no token, but hashes of tokens. */
export type EngineSnapshot = z.output<typeof snapshotSchema>;

/** What tells that something is a snapshot at all. */
export const headSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  version: checked(whole(), z.gte(1)),
});
