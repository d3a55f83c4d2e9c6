import * as s from "../../src/contract/schema/index.js";
import { atLeast, noMoreItems, whole } from "../../src/contract/schema/rules.js";
import {
  MOVE_CLIENTS_MAX,
  agentSchema,
  agentStateSchema,
  agentTypeSchema,
} from "../../src/contract/agents.js";
import { faultSchema } from "../../src/contract/error-body.js";
import { gameConnectBodySchema } from "../../src/contract/games.js";
import { toldMetadataSchema } from "../../src/contract/metadata.js";
import {
  countSchema,
  idSchema,
  positionSchema,
  shareSchema,
  timestampSchema,
} from "../../src/contract/primitives.js";
import { sceneBodySchema } from "../../src/contract/scenes.js";
import { check, describeProblems } from "../../src/contract/schema/schema.js";
import { taskSchema } from "../../src/contract/tasks.js";
import { SNAPSHOT_VERSION } from "../../src/contract/version.js";
import type { Problem } from "../../src/contract/index.js";
import { JOB_KINDS } from "./agenda.js";
import { EngineError } from "./errors.js";

/** The word by which a snapshot is known. */
export const SNAPSHOT_FORMAT = "agentvm-snapshot";

const lineSchema = s.object({ stream: s.literal("stdout", "stderr"), text: s.string() });

const stepSchema = s.object({
  after: s.number(atLeast(0)),
  state: s.optional(agentStateSchema),
  position: s.optional(positionSchema),
  progress: s.optional(s.object({ share: shareSchema, message: s.string() })),
  lines: s.optional(s.array(lineSchema)),
  end: s.optional(s.object({ error: s.nullable(faultSchema) })),
});

/** What a snapshot keeps may be from before the size of free data was bounded. */
const metadata = s.optional(toldMetadataSchema);
const aboutSchema = s.strictObject({ ...gameConnectBodySchema.shape, metadata });
const sceneSchema = s.strictObject({ ...sceneBodySchema.shape, metadata });

const worldSchema = s.object({
  types: s.withDefault(s.array(agentTypeSchema), () => []),
  agents: s.array(
    s.object({
      agent: agentSchema,
      ordinal: countSchema,
      // One that was written before knew of one number for all clients, which says nothing of any.
      sequences: s.withDefault(
        s.array(s.object({ client: s.string(), sequence: countSchema }), noMoreItems(MOVE_CLIENTS_MAX)),
        () => [],
      ),
    }),
  ),
  tasks: s.array(s.object({ task: taskSchema, ordinal: countSchema })),
  outputs: s.array(s.object({ task_id: idSchema, full: s.boolean(), lines: s.array(lineSchema) })),
  teams: s.array(
    s.object({ team_id: idSchema, task_ids: s.array(idSchema), open: countSchema, succeeded: countSchema }),
  ),
  games: s.array(s.object({ game_id: idSchema, ordinal: countSchema, about: aboutSchema })),
  sessions: s.array(s.object({ session_id: idSchema, game_id: idSchema, expires_at: s.number() })),
  scenes: s.array(s.object({ scene_id: idSchema, revision: countSchema, body: sceneSchema })),
  ended: s.array(idSchema),
  ordinals: s.object({ agent: countSchema, task: countSchema, game: countSchema }),
  made: s.record(countSchema),
  endings: s.object({ completed: countSchema, failed: countSchema, cancelled: countSchema }),
});
export type WorldSnapshot = s.Output<typeof worldSchema>;

const snapshotSchema = s.object({
  format: s.literal(SNAPSHOT_FORMAT),
  version: s.literal(SNAPSHOT_VERSION),
  /** Where in the event log the snapshot was taken. */
  epoch: idSchema,
  seq: countSchema,
  saved_at: timestampSchema,
  random: s.array(s.number(whole)),
  ids: s.object({ seed: s.number(whole), counts: s.record(countSchema) }),
  agenda: s.object({
    order: countSchema,
    jobs: s.array(
      s.object({ due: s.number(), order: countSchema, kind: s.literal(...JOB_KINDS), id: s.string() }),
    ),
  }),
  /** What is left of the work of each running task. */
  plans: s.array(s.object({ task_id: idSchema, steps: s.array(stepSchema) })),
  world: worldSchema,
});

/** Everything that an engine needs to go on from where another was, as JSON. It holds no key and no token. */
export type EngineSnapshot = s.Output<typeof snapshotSchema>;

const headSchema = s.object({
  format: s.literal(SNAPSHOT_FORMAT),
  version: s.number(whole, atLeast(1)),
});

/** Reads a snapshot, or throws an EngineError that says what is wrong with it. */
export function readSnapshot(value: unknown): EngineSnapshot {
  const copy = ownCopy(value);
  const head = check(headSchema, copy, "snapshot");
  if (!head.ok) {
    throw notASnapshot("it is not what snapshot() gave", head.problems);
  }
  if (head.value.version > SNAPSHOT_VERSION) {
    throw new EngineError(
      "invalid_request",
      `The snapshot has version ${head.value.version}, written by a newer oligarchy-agentvm; ` +
        `this one reads versions up to ${SNAPSHOT_VERSION}. Update the package, or start without the snapshot.`,
    );
  }
  const checked = check(snapshotSchema, copy, "snapshot");
  if (!checked.ok) throw notASnapshot("it is damaged", checked.problems);
  const broken = brokenLink(checked.value);
  if (broken !== null) throw notASnapshot(`it is damaged: ${broken}`, null);
  return checked.value;
}

/** A copy by way of JSON: nothing of it is shared with the caller, and nothing in it is more than data. */
function ownCopy(value: unknown): unknown {
  if (typeof value === "string") {
    throw notASnapshot("it is a text; parse it with JSON.parse and give the object", null);
  }
  try {
    const text: unknown = JSON.stringify(value, refuseUnwritable);
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch (error) {
    throw error instanceof EngineError ? error : notASnapshot("it cannot be written as JSON", null);
  }
}

/** What JSON would make something else of, or nothing at all. */
function refuseUnwritable(name: string, value: unknown): unknown {
  if (name === "__proto__") throw notASnapshot("it has a field of the name __proto__", null);
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  throw notASnapshot(`its field '${name}' is ${value}, which JSON cannot say`, null);
}

/** Wrong places that are told; a damaged snapshot may have thousands. */
const DETAIL_MAX = 5;

function notASnapshot(why: string, detail: readonly Problem[] | null): EngineError {
  const first = detail?.slice(0, DETAIL_MAX) ?? null;
  const shown = first === null ? "" : ` (${describeProblems(first)})`;
  return new EngineError("invalid_request", `The snapshot cannot be restored: ${why}${shown}.`, {
    detail: first,
  });
}

/** What in a snapshot speaks of something that is not in it, or null. */
function brokenLink({ world, plans, agenda }: EngineSnapshot): string | null {
  const tasks = new Map(world.tasks.map(({ task }) => [task.id, task]));
  const agents = new Map(world.agents.map(({ agent }) => [agent.id, agent]));
  const planned = new Set(plans.map(({ task_id }) => task_id));
  const awaited = new Set(agenda.jobs.map(({ kind, id }) => `${kind}:${id}`));
  for (const agent of agents.values()) {
    const current = agent.current_task_id;
    if (current !== null && tasks.get(current)?.agent_id !== agent.id) {
      return `the agent '${agent.id}' works on '${current}', which is no task of it`;
    }
    if ((current === null) !== (agent.state === "idle")) {
      return `the agent '${agent.id}' is ${agent.state} and its current_task_id is ${String(current)}`;
    }
  }
  for (const task of tasks.values()) {
    const worker = task.agent_id === null ? undefined : agents.get(task.agent_id);
    if (task.status === "assigned" && worker === undefined) {
      return `the task '${task.id}' waits for an agent that is not there`;
    }
    if (task.status !== "running") continue;
    if (worker?.current_task_id !== task.id) return `nobody works on the running task '${task.id}'`;
    if (!planned.has(task.id) || !awaited.has(`work:${task.id}`)) {
      return `the running task '${task.id}' has no work planned`;
    }
  }
  return null;
}
