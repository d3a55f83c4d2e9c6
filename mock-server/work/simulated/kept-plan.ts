import * as s from "../../../src/contract/schema/index.js";
import { atLeast, atMost, whole } from "../../../src/contract/schema/rules.js";
import { check } from "../../../src/contract/schema/schema.js";
import type { Checked } from "../../../src/contract/schema/schema.js";
import { AGENT_STATES } from "../../../src/contract/agents.js";
import { faultSchema } from "../../../src/contract/error-body.js";
import { positionSchema, shareSchema } from "../../../src/contract/primitives.js";
import { TASK_TIMEOUT_MAX_SECONDS } from "../../../src/contract/tasks.js";
import type { WorkingState } from "../work.js";

const working = AGENT_STATES.filter((state): state is WorkingState => state !== "idle");

const stepSchema = s.object({
  after: s.number(atLeast(0), atMost(TASK_TIMEOUT_MAX_SECONDS * 1_000)),
  state: s.optional(s.literal(...working)),
  position: s.optional(positionSchema),
  progress: s.optional(s.object({ share: shareSchema, message: s.string() })),
  lines: s.optional(s.array(s.object({ stream: s.literal("stdout", "stderr"), text: s.string() }))),
  end: s.optional(s.object({ error: s.nullable(faultSchema) })),
});

/** What the simulation keeps of a task: all steps of its work, and which is the next. */
const keptPlanSchema = s.object({
  steps: s.array(stepSchema),
  // Before the number was kept, only the steps that were left were.
  next: s.withDefault(s.number(whole, atLeast(0)), () => 0),
});
export type KeptPlan = s.Output<typeof keptPlanSchema>;

/** What was kept, checked: there is a step to be done next, and it is due at some time. */
export function checkedPlan(kept: unknown, isDue: boolean): Checked<KeptPlan> {
  const checked = check(keptPlanSchema, kept, "kept");
  if (!checked.ok || (isDue && checked.value.next < checked.value.steps.length)) return checked;
  const problem = { loc: ["kept", "next"], msg: "is of no step that is due", type: "value_error" };
  return { ok: false, problems: [problem] };
}
