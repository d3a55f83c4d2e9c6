import { parseScenarios } from "../../../server/src/scripted-model/index.js";
import type { Scenario } from "../../../server/src/scripted-model/index.js";

/** Scenarios of a text in YAML, which must be right. */
export function scenariosOf(text: string): readonly Scenario[] {
  const parsed = parseScenarios("test.yaml", text);
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  return parsed.scenarios;
}
