import { playRoutes as routes } from "../../../src/contract/play-routes.js";
import { withBody, withQuery } from "../operation.js";
import type { OperationTable } from "../operation.js";
import type { OperationParts } from "../parts.js";

/** Those calls, by name. */
export type AnalyticsOperations = Pick<OperationTable, "analyticsEvents" | "analyticsSummary">;

/** The calls about what clients have measured. It is added up as it comes. */
export function analyticsOperations({ engine }: OperationParts): AnalyticsOperations {
  return {
    analyticsEvents: withBody(routes.analyticsEvents.body, ({ scope }, { events }) => {
      engine.analytics.report(scope.kind === "game" ? scope.game_id : null, events);
      return { answer: { success: true, accepted: events.length } };
    }),

    analyticsSummary: withQuery(routes.analyticsSummary.query, ({ scope }, { game_id }) => {
      const gameId = game_id ?? (scope.kind === "game" ? scope.game_id : null);
      // Refuses a game that there is not, or that the caller may not see.
      if (gameId !== null) engine.games.agents(scope, gameId);
      return { answer: { success: true, ...engine.analytics.read(gameId) } };
    }),
  };
}
