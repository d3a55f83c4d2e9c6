import * as z from "../zod.js";
import { list } from "../schema.js";
import * as agents from "../agents.js";
import { idSchema } from "../primitives.js";
import { route } from "../route.js";

const agentParams = z.object({ agent_id: idSchema });

/** The calls about agents, by name. */
export const agentRoutes = {
  agentTypes: route({
    method: "GET",
    path: "/agents/types",
    access: "caller",
    answer: { kind: "json", schema: list(agents.agentTypeSchema) },
  }),
  agentList: route({
    method: "GET",
    path: "/agents",
    access: "caller",
    query: agents.agentListQuerySchema,
    answer: { kind: "list", item: agents.agentSchema },
  }),
  agentCreate: route({
    method: "POST",
    path: "/agents/create",
    access: "caller",
    body: agents.agentCreateBodySchema,
    answer: { kind: "json", schema: agents.agentCreateAnswerSchema },
  }),
  agentMoveMany: route({
    method: "PUT",
    path: "/agents/positions",
    access: "caller",
    body: agents.agentMoveManyBodySchema,
    answer: { kind: "json", schema: agents.agentMoveManyAnswerSchema },
  }),
  agentGet: route({
    method: "GET",
    path: "/agents/{agent_id}",
    access: "caller",
    params: agentParams,
    answer: { kind: "json", schema: agents.agentGetAnswerSchema },
  }),
  agentMove: route({
    method: "PUT",
    path: "/agents/{agent_id}/position",
    access: "caller",
    params: agentParams,
    body: agents.agentMoveBodySchema,
    answer: { kind: "json", schema: agents.agentMoveAnswerSchema },
  }),
  agentRemove: route({
    method: "DELETE",
    path: "/agents/{agent_id}",
    access: "caller",
    params: agentParams,
    answer: { kind: "json", schema: agents.agentRemoveAnswerSchema },
  }),
} as const;
