import { ROUTE_NAMES } from "../../../src/contract/routes.js";
import * as z from "../../../src/contract/zod.js";
import { checked, list, record, whole } from "../../../src/contract/schema.js";
import { countSchema, timestampSchema } from "../../../src/contract/primitives.js";
import { systemStatusSchema } from "../../../src/contract/system.js";
import { workerSchema } from "../../../src/contract/worker.js";
import { SPEED_MAX, STEP_MAX_MS } from "./controls.js";

/** The calls that `agentvm serve` answers to its console and to nobody else, below `/console/api`. They are no part of the contract. */
export const CONSOLE_PATHS = {
  report: "report",
  clock: "clock",
  restart: "restart",
  snapshot: "snapshot",
  faults: "faults",
  workers: "workers",
  scripts: "scripts",
} as const;

const speedSchema = checked(z.number(), z.gte(0), z.lte(SPEED_MAX));

const callSchema = z.object({
  number: countSchema,
  at: timestampSchema,
  via: z.literal(["request", "stream"]),
  route: z.nullable(z.literal(ROUTE_NAMES)),
  params: record(z.string()),
  status: countSchema,
  ms: checked(z.number(), z.gte(0)),
  request_id: z.nullable(z.string()),
  caller: z.string(),
  error: z.nullable(z.string()),
  fault: z.nullable(z.string()),
});

/** A fault that was added. What it does, the server has looked at. */
const faultSchema = z.object({
  id: z.string(),
  fault: record(z.unknown()),
  used: countSchema,
  left: z.nullable(countSchema),
});

export const reportSchema = z.object({
  seed: z.number(),
  restored: z.boolean(),
  time: timestampSchema,
  speed: checked(z.number(), z.gte(0)),
  status: systemStatusSchema,
  calls: list(callSchema),
  faults: z.nullable(list(faultSchema)),
});

export const workersSchema = z.object({
  workers: list(
    z.object({
      ...workerSchema.shape,
      tasks: list(z.object({ task_id: z.string(), attempt: countSchema })),
    }),
  ),
});

export const scriptsSchema = z.object({
  scripts: list(
    z.object({
      id: z.string(),
      script: record(z.unknown()),
      name: z.string(),
      uses: countSchema,
      times: z.nullable(countSchema),
      tasks: list(z.string()),
      missed: z.nullable(z.object({ task_id: z.string(), why: z.string() })),
    }),
  ),
});

export const clockBodySchema = z.strictObject({
  speed: z.optional(speedSchema),
  advance_ms: z.optional(checked(whole(), z.gte(0), z.lte(STEP_MAX_MS))),
});

/** A fault or a script that is to be added; its fields are read where faults and scripts are. */
export const fieldsBodySchema = record(z.unknown());

export const restartBodySchema = z.strictObject({
  seed: z.optional(z.number()),
  snapshot: z.optional(z.unknown()),
});
