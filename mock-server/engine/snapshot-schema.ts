import * as s from "../../src/contract/schema/index.js";
import { atLeast, atMost, noMoreItems, whole } from "../../src/contract/schema/rules.js";
import { MOVE_CLIENTS_MAX, agentSchema, agentTypeSchema } from "../../src/contract/agents.js";
import { gameConnectBodySchema } from "../../src/contract/games.js";
import { toldMetadataSchema } from "../../src/contract/metadata.js";
import { countSchema, idSchema } from "../../src/contract/primitives.js";
import { sceneBodySchema } from "../../src/contract/scenes.js";
import { taskResultSchema, taskSchema } from "../../src/contract/tasks.js";
import { SNAPSHOT_VERSION } from "../../src/contract/version.js";
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

const counted = s.number(whole, atLeast(0), atMost(COUNT_MAX));
const moment = s.number(atLeast(0), atMost(Date.UTC(LAST_YEAR + 1, 0) + AHEAD_MAX_MS));

/** A time of the wire that there is. */
const timeSchema = s.string({
  holds(text) {
    const time = new Date(text);
    const year = time.getUTCFullYear();
    return year >= FIRST_YEAR && year <= LAST_YEAR && time.toISOString() === text;
  },
  says: `must be a UTC time like 2026-01-31T12:00:00.000Z, of the years ${FIRST_YEAR} to ${LAST_YEAR}`,
  type: "invalid_format",
  json: {},
});

const lineSchema = s.object({ stream: s.literal("stdout", "stderr"), text: s.string() });

/** What a snapshot keeps may be from before the size of free data was bounded. */
const metadata = s.optional(toldMetadataSchema);
const aboutSchema = s.strictObject({ ...gameConnectBodySchema.shape, metadata });
const sceneSchema = s.strictObject({ ...sceneBodySchema.shape, metadata });

const savedAgentSchema = s.object({ ...agentSchema.shape, created_at: timeSchema, updated_at: timeSchema });

const savedTaskSchema = s.object({
  ...taskSchema.shape,
  result: s.nullable(s.object({ ...taskResultSchema.shape, completed_at: timeSchema })),
  created_at: timeSchema,
  started_at: s.nullable(timeSchema),
  completed_at: s.nullable(timeSchema),
});

const worldSchema = s.object({
  types: s.withDefault(s.array(agentTypeSchema), () => []),
  agents: s.array(
    s.object({
      agent: savedAgentSchema,
      ordinal: counted,
      // One that was written before knew of one number for all clients, which says nothing of any.
      sequences: s.withDefault(
        s.array(s.object({ client: s.string(), sequence: countSchema }), noMoreItems(MOVE_CLIENTS_MAX)),
        () => [],
      ),
      // One that was written before has the place alone; whoever comes back to it then has heard of it.
      moved: s.optional(s.object({ seq: counted, timestamp: timeSchema, sequence: s.nullable(countSchema) })),
    }),
  ),
  tasks: s.array(s.object({ task: savedTaskSchema, ordinal: counted })),
  outputs: s.array(s.object({ task_id: idSchema, full: s.boolean(), lines: s.array(lineSchema) })),
  teams: s.array(
    s.object({ team_id: idSchema, task_ids: s.array(idSchema), open: counted, succeeded: counted }),
  ),
  games: s.array(s.object({ game_id: idSchema, ordinal: counted, about: aboutSchema })),
  sessions: s.array(s.object({ session_id: idSchema, game_id: idSchema, expires_at: moment })),
  scenes: s.array(s.object({ scene_id: idSchema, revision: counted, body: sceneSchema })),
  ended: s.array(idSchema),
  ordinals: s.object({ agent: counted, task: counted, game: counted }),
  made: s.record(counted),
  endings: s.object({ completed: counted, failed: counted, cancelled: counted }),
  // What is in it is looked into by the workers whose it is.
  work: s.withDefault(s.array(s.object({ task_id: idSchema, kept: s.record(s.unknown()) })), () => []),
});
export type WorldSnapshot = s.Output<typeof worldSchema>;

/** What a snapshot is. */
export const snapshotSchema = s.object({
  format: s.literal(SNAPSHOT_FORMAT),
  version: s.literal(SNAPSHOT_VERSION),
  /** Where in the event log the snapshot was taken. */
  epoch: idSchema,
  seq: counted,
  /** The last commit that is in it. */
  rev: s.withDefault(counted, () => 0),
  saved_at: timeSchema,
  random: s.array(s.number(whole)),
  ids: s.object({ seed: s.number(whole), counts: s.record(s.number(whole, atLeast(0), atMost(IDS_MAX))) }),
  agenda: s.object({
    order: counted,
    jobs: s.array(s.object({ due: moment, order: counted, kind: s.literal(...JOB_KINDS), id: s.string() })),
  }),
  /** What one that was written before kept of work, which was simulated always. */
  plans: s.optional(s.array(s.object({ task_id: idSchema, steps: s.unknown() }))),
  world: worldSchema,
});

/** Everything that an engine needs to go on from where another was, as JSON. It holds no key and no token. */
export type EngineSnapshot = s.Output<typeof snapshotSchema>;

/** What tells that something is a snapshot at all. */
export const headSchema = s.object({
  format: s.literal(SNAPSHOT_FORMAT),
  version: s.number(whole, atLeast(1)),
});
