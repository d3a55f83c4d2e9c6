import * as z from "../../src/contract/zod.js";
import { AGENT_STATES } from "../../src/contract/agents.js";
import type { WorkingState } from "./work.js";

/** What an agent can be seen doing at work. */
export const workingStateSchema = z.literal(
  AGENT_STATES.filter((state): state is WorkingState => state !== "idle" && state !== "waiting"),
);
