import { AnalyticsSums } from "../../../src/contract/analytics-sums.js";
import { routes } from "../../../src/contract/routes.js";
import { withBody, withQuery } from "../operation.js";
import type { OperationTable } from "../operation.js";
import type { OperationParts } from "../parts.js";

/** Those calls, by name. */
export type AnalyticsOperations = Pick<OperationTable, "analyticsEvents" | "analyticsSummary">;

/** Games whose reports are kept apart; past them those of the game that reported longest ago are in the whole alone. */
const GAMES_MAX = 100;

/** The calls about what clients have measured. It is added up as it comes, and gone when the server stops. */
export function analyticsOperations({ engine, clock }: OperationParts): AnalyticsOperations {
  const since = new Date(clock.now()).toISOString();
  const all = new AnalyticsSums();
  const games = new Map<string, AnalyticsSums>();

  engine.games.onForgotten((gameId) => games.delete(gameId));

  const ofGame = (gameId: string): AnalyticsSums => {
    const sums = games.get(gameId) ?? new AnalyticsSums();
    games.delete(gameId);
    games.set(gameId, sums);
    for (const oldest of games.keys()) {
      if (games.size <= GAMES_MAX) break;
      games.delete(oldest);
    }
    return sums;
  };

  return {
    analyticsEvents: withBody(routes.analyticsEvents.body, ({ scope }, { events }) => {
      const own = scope.kind === "game" ? ofGame(scope.game_id) : null;
      for (const event of events) {
        all.add(event);
        own?.add(event);
      }
      return { answer: { success: true, accepted: events.length } };
    }),

    analyticsSummary: withQuery(routes.analyticsSummary.query, ({ scope }, { game_id }) => {
      const gameId = game_id ?? (scope.kind === "game" ? scope.game_id : null);
      // Refuses a game that there is not, or that the caller may not see.
      if (gameId !== null) engine.games.agents(scope, gameId);
      const sums = gameId === null ? all : (games.get(gameId) ?? new AnalyticsSums());
      return { answer: { success: true, since, summary: sums.read() } };
    }),
  };
}
