import { playRoutes as routes } from "../../../src/contract/play-routes.js";
import { withBody, withParams, withParamsAndBody, withQuery } from "../operation.js";
import type { OperationTable } from "../operation.js";
import type { OperationParts } from "../parts.js";

type AgentOperations = Pick<
  OperationTable,
  | "agentTypes"
  | "agentTypeCreate"
  | "agentList"
  | "agentCreate"
  | "agentMoveMany"
  | "agentGet"
  | "agentMove"
  | "agentRemove"
>;

/** The calls about agents. */
export function agentOperations({ engine }: OperationParts): AgentOperations {
  return {
    agentTypes: () => ({ answer: engine.agents.types() }),

    agentTypeCreate: withBody(routes.agentTypeCreate.body, (_context, body) => {
      const agent_type = engine.agents.addType(body);
      return {
        answer: { success: true, agent_type, message: `Agents can be created as '${agent_type.type}'.` },
      };
    }),

    agentList: withQuery(routes.agentList.query, ({ scope }, query) => {
      const page = engine.agents.list(scope, query);
      return { answer: page.items, nextCursor: page.next_cursor };
    }),

    agentCreate: withBody(routes.agentCreate.body, ({ scope }, body) => {
      const agent = engine.agents.create(scope, body);
      return {
        answer: { success: true, agent_id: agent.id, agent, message: `${agent.name} is here and idle.` },
      };
    }),

    agentGet: withParams(routes.agentGet.params, ({ scope }, { agent_id }) => ({
      answer: { success: true, agent: engine.agents.get(scope, agent_id) },
    })),

    agentMove: withParamsAndBody(
      routes.agentMove.params,
      routes.agentMove.body,
      ({ scope, caller }, { agent_id }, { client_id, ...move }) => {
        const moved = engine.agents.move(scope, { ...move, agent_id }, client_id ?? caller.id);
        return {
          answer: { success: true, agent_id, position: moved.position, applied: moved.applied },
        };
      },
    ),

    agentMoveMany: withBody(routes.agentMoveMany.body, ({ scope, caller }, { updates, client_id }) => {
      const { applied, outdated, failed } = engine.agents.moveMany(scope, updates, client_id ?? caller.id);
      return {
        answer: {
          success: true,
          applied,
          ...(outdated.length > 0 && { outdated }),
          failed: failed.map(({ agent_id, code, message }) => ({ agent_id, code, error: message })),
        },
      };
    }),

    agentRemove: withParams(routes.agentRemove.params, ({ scope }, { agent_id }) => {
      engine.agents.remove(scope, agent_id);
      return { answer: { success: true, message: `The agent '${agent_id}' is gone.` } };
    }),
  };
}
