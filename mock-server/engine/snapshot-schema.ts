import * as z from "zod/mini";
import { atLeast, whole } from "../../src/contract/checks.js";
import {
  agentSchema,
  agentStateSchema,
  countSchema,
  describeDetail,
  faultSchema,
  gameConnectBodySchema,
  idSchema,
  issuesToDetail,
  positionSchema,
  sceneBodySchema,
  shareSchema,
  SNAPSHOT_VERSION,
  taskSchema,
  timestampSchema,
} from "../../src/contract/index.js";
import { JOB_KINDS } from "./agenda.js";
import { EngineError } from "./errors.js";

/** The word by which a snapshot is known. */
export const SNAPSHOT_FORMAT = "agentvm-snapshot";

const lineSchema = z.object({ stream: z.literal(["stdout", "stderr"]), text: z.string() });

const stepSchema = z.object({
  after: z.number().check(atLeast(0)),
  state: z.optional(agentStateSchema),
  position: z.optional(positionSchema),
  progress: z.optional(z.object({ share: shareSchema, message: z.string() })),
  lines: z.optional(z.array(lineSchema)),
  end: z.optional(z.object({ error: z.nullable(faultSchema) })),
});

const worldSchema = z.object({
  agents: z.array(z.object({ agent: agentSchema, ordinal: countSchema, sequence: z.nullable(countSchema) })),
  tasks: z.array(z.object({ task: taskSchema, ordinal: countSchema })),
  outputs: z.array(z.object({ task_id: idSchema, full: z.boolean(), lines: z.array(lineSchema) })),
  teams: z.array(
    z.object({ team_id: idSchema, task_ids: z.array(idSchema), open: countSchema, succeeded: countSchema }),
  ),
  games: z.array(z.object({ game_id: idSchema, ordinal: countSchema, about: gameConnectBodySchema })),
  sessions: z.array(z.object({ session_id: idSchema, game_id: idSchema, expires_at: z.number() })),
  scenes: z.array(z.object({ scene_id: idSchema, revision: countSchema, body: sceneBodySchema })),
  ended: z.array(idSchema),
  ordinals: z.object({ agent: countSchema, task: countSchema, game: countSchema }),
  made: z.catchall(z.object({}), countSchema),
  endings: z.object({ completed: countSchema, failed: countSchema, cancelled: countSchema }),
});
export type WorldSnapshot = z.infer<typeof worldSchema>;

const snapshotSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  version: z.literal(SNAPSHOT_VERSION),
  /** Where in the event log the snapshot was taken. */
  epoch: idSchema,
  seq: countSchema,
  saved_at: timestampSchema,
  random: z.array(z.number().check(whole)),
  ids: z.object({ seed: z.number().check(whole), counts: z.catchall(z.object({}), countSchema) }),
  agenda: z.object({
    order: countSchema,
    jobs: z.array(
      z.object({ due: z.number(), order: countSchema, kind: z.literal(JOB_KINDS), id: z.string() }),
    ),
  }),
  /** What is left of the work of each running task. */
  plans: z.array(z.object({ task_id: idSchema, steps: z.array(stepSchema) })),
  world: worldSchema,
});

/** Everything that an engine needs to go on from where another was, as JSON. It holds no key and no token. */
export type EngineSnapshot = z.infer<typeof snapshotSchema>;

const headSchema = z.object({
  format: z.literal(SNAPSHOT_FORMAT),
  version: z.number().check(whole, atLeast(1)),
});

/** Reads a snapshot, or throws an EngineError that says what is wrong with it. */
export function readSnapshot(value: unknown): EngineSnapshot {
  const copy = ownCopy(value);
  const head = headSchema.safeParse(copy);
  if (!head.success) {
    throw notASnapshot("it is not what snapshot() gave", issuesToDetail(head.error.issues, "snapshot"));
  }
  if (head.data.version > SNAPSHOT_VERSION) {
    throw new EngineError(
      "invalid_request",
      `The snapshot has version ${head.data.version}, written by a newer oligarchy-agentvm; ` +
        `this one reads versions up to ${SNAPSHOT_VERSION}. Update the package, or start without the snapshot.`,
    );
  }
  const parsed = snapshotSchema.safeParse(copy);
  if (!parsed.success) {
    throw notASnapshot("it is damaged", issuesToDetail(parsed.error.issues, "snapshot"));
  }
  const broken = brokenLink(parsed.data);
  if (broken !== null) throw notASnapshot(`it is damaged: ${broken}`, null);
  return parsed.data;
}

/** A copy by way of JSON: nothing of it is shared with the caller, and nothing in it is more than data. */
function ownCopy(value: unknown): unknown {
  if (typeof value === "string") {
    throw notASnapshot("it is a text; parse it with JSON.parse and give the object", null);
  }
  try {
    const text: unknown = JSON.stringify(value);
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    throw notASnapshot("it cannot be written as JSON", null);
  }
}

/** Wrong places that are told; a damaged snapshot may have thousands. */
const DETAIL_MAX = 5;

type Detail = ReturnType<typeof issuesToDetail> | null;

function notASnapshot(why: string, detail: Detail): EngineError {
  const first = detail?.slice(0, DETAIL_MAX) ?? null;
  const shown = first === null ? "" : ` (${describeDetail(first)})`;
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
