import { ROUTE_NAMES } from "../../../src/contract/routes.js";
import * as s from "../../../src/contract/schema/index.js";
import { atLeast, atMost, whole } from "../../../src/contract/schema/rules.js";
import { countSchema, timestampSchema } from "../../../src/contract/primitives.js";
import { systemStatusSchema } from "../../../src/contract/system.js";
import { SPEED_MAX, STEP_MAX_MS } from "./controls.js";

/** The calls that `agentvm serve` answers to its console and to nobody else, below `/console/api`. They are no part of the contract. */
export const CONSOLE_PATHS = {
  report: "report",
  clock: "clock",
  restart: "restart",
  snapshot: "snapshot",
} as const;

const speedSchema = s.number(atLeast(0), atMost(SPEED_MAX));

const callSchema = s.object({
  number: countSchema,
  at: timestampSchema,
  via: s.literal("request", "stream"),
  route: s.nullable(s.literal(...ROUTE_NAMES)),
  params: s.record(s.string()),
  status: countSchema,
  ms: s.number(atLeast(0)),
  request_id: s.nullable(s.string()),
  caller: s.string(),
  error: s.nullable(s.string()),
});

export const reportSchema = s.object({
  seed: s.number(),
  restored: s.boolean(),
  time: timestampSchema,
  speed: s.number(atLeast(0)),
  status: systemStatusSchema,
  calls: s.array(callSchema),
});

export const clockBodySchema = s.strictObject({
  speed: s.optional(speedSchema),
  advance_ms: s.optional(s.number(whole, atLeast(0), atMost(STEP_MAX_MS))),
});

export const restartBodySchema = s.strictObject({
  seed: s.optional(s.number()),
  snapshot: s.optional(s.unknown()),
});
