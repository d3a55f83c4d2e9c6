import * as z from "../../../src/contract/zod.js";
import { checked, list, whole } from "../../../src/contract/schema.js";
import { check } from "../../../src/contract/schema.js";
import type { Checked } from "../../../src/contract/schema.js";
import { faultSchema } from "../../../src/contract/fault.js";
import { positionSchema, shareSchema } from "../../../src/contract/primitives.js";
import { TASK_TIMEOUT_MAX_SECONDS } from "../../../src/contract/tasks.js";
import { workStateSchema } from "../../../src/contract/work-states.js";

const stepSchema = z.object({
  after: checked(z.number(), z.gte(0), z.lte(TASK_TIMEOUT_MAX_SECONDS * 1_000)),
  state: z.optional(workStateSchema),
  position: z.optional(positionSchema),
  progress: z.optional(z.object({ share: shareSchema, message: z.string() })),
  lines: z.optional(list(z.object({ stream: z.literal(["stdout", "stderr"]), text: z.string() }))),
  end: z.optional(z.object({ error: z.nullable(faultSchema) })),
});

/** What the simulation keeps of a task: all steps of its work, and which is the next. */
const keptPlanSchema = z.object({
  steps: list(stepSchema),
  // Before the number was kept, only the steps that were left were.
  next: z._default(checked(whole(), z.gte(0)), () => 0),
});
export type KeptPlan = z.output<typeof keptPlanSchema>;

/** What was kept, checked: there is a step to be done next, and it is due at some time. */
export function checkedPlan(kept: unknown, isDue: boolean): Checked<KeptPlan> {
  const checked = check(keptPlanSchema, kept, "kept");
  if (!checked.ok || (isDue && checked.value.next < checked.value.steps.length)) return checked;
  const problem = { loc: ["kept", "next"], msg: "is of no step that is due", type: "value_error" };
  return { ok: false, problems: [problem] };
}
