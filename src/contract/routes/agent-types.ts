import { agentTypeCreateAnswerSchema, agentTypeCreateBodySchema } from "../agent-types.js";
import { route } from "../route.js";

/** The call that adds a type of agent, by name. */
export const agentTypeRoutes = {
  agentTypeCreate: route({
    method: "POST",
    path: "/agents/types",
    access: "key",
    body: agentTypeCreateBodySchema,
    answer: { kind: "json", schema: agentTypeCreateAnswerSchema },
  }),
} as const;
