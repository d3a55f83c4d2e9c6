import * as z from "./zod.js";
import { AGENT_STATES } from "./agents.js";
import type { AgentState } from "./agents.js";

/**
 * What an agent can be seen doing at work. That it waits for an answer is the domain's to say, as long as there is a question, and `idle` it is when
 * nobody works.
 */
export type WorkState = Exclude<AgentState, "idle" | "waiting">;

/** The same as somebody who works says it. */
export const workStateSchema = z.literal(
  AGENT_STATES.filter((state): state is WorkState => state !== "idle" && state !== "waiting"),
);
