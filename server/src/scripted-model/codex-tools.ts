import type { Call, ToolUse } from "./call.js";
import type { ToolStep } from "./scenario.js";

/** The calls that do a step with codex's own tools, a shell and patches; null where those are not offered. */
export function codexToolUses(_step: ToolStep, _call: Call): readonly ToolUse[] | null {
  return null;
}
