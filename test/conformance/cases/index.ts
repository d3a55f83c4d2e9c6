import type { RouteName } from "../../../src/contract/index.js";
import { agentCases } from "./agents.js";
import { analyticsCases } from "./analytics.js";
import { batchCases } from "./batch.js";
import type { CasesOf } from "./case.js";
import { gameCases } from "./games.js";
import { systemCases } from "./system.js";
import { taskCases } from "./tasks.js";
import { taskWorkCases } from "./task-work.js";
import { observingCases } from "./observing.js";
import { workerCases } from "./workers.js";

/** One case a route: a route of the contract that is missing here does not compile, and fails the suite. */
export const cases = {
  ...systemCases,
  ...agentCases,
  ...taskCases,
  ...taskWorkCases,
  ...gameCases,
  ...analyticsCases,
  ...batchCases,
  ...workerCases,
  ...observingCases,
} as const satisfies CasesOf<RouteName>;
