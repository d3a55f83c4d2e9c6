import { AnalyticsSums } from "../../src/contract/analytics-sums.js";
import type { AnalyticsEvent, SavedSums } from "../../src/contract/index.js";

/** Games whose reports are kept apart; past them those of the game that reported longest ago are in the whole alone. */
const GAMES_MAX = 100;

/** What clients have measured, added up. */
export class Analytics {
  /** Since when it is added up, in milliseconds. */
  since = 0;
  #all = new AnalyticsSums();
  /** The game that reported last stands last. */
  readonly #games = new Map<string, AnalyticsSums>();

  add(gameId: string | null, events: readonly AnalyticsEvent[]): void {
    const own = gameId === null ? null : this.#take(gameId, this.#games.get(gameId) ?? new AnalyticsSums());
    for (const event of events) {
      this.#all.add(event);
      own?.add(event);
    }
  }

  /** The sums of a game, or of all that was reported. */
  of(gameId: string | null): AnalyticsSums {
    return gameId === null ? this.#all : (this.#games.get(gameId) ?? new AnalyticsSums());
  }

  forget(gameId: string): void {
    this.#games.delete(gameId);
  }

  saved(): SavedAnalytics {
    const games = Array.from(this.#games, ([game_id, sums]) => ({ game_id, sums: sums.saved() }));
    return { since: this.since, all: this.#all.saved(), games };
  }

  restore({ since, all, games }: SavedAnalytics): void {
    this.since = since;
    this.#all = new AnalyticsSums(all);
    for (const { game_id, sums } of games) this.#take(game_id, new AnalyticsSums(sums));
  }

  #take(gameId: string, sums: AnalyticsSums): AnalyticsSums {
    this.#games.delete(gameId);
    this.#games.set(gameId, sums);
    for (const oldest of this.#games.keys()) {
      if (this.#games.size <= GAMES_MAX) break;
      this.#games.delete(oldest);
    }
    return sums;
  }
}

/** What the domain asks of it. */
export type Measured = Pick<Analytics, keyof Analytics>;

/** What a snapshot keeps of it. */
export interface SavedAnalytics {
  readonly since: number;
  readonly all: SavedSums;
  readonly games: { readonly game_id: string; readonly sums: SavedSums }[];
}
