import type { AnyEvent } from "../../src/contract/index.js";
import type { EventLog } from "./log-port.js";
import { GameEvents, type RingBounds } from "./event-ring.js";
import { Listeners } from "./listeners.js";
import type { Scope } from "./types.js";

/** Bytes that a game's events may hold; more where a server is told to keep so many that they would hardly fit. */
const GAME_BYTES_MIN = 4_194_304;
const BYTES_AN_EVENT = 1_024;

/** Bytes that the events of all games may hold together. */
const TOTAL_BYTES_MIN = 67_108_864;

/** Games that were left whose events are still kept; past it those of the one that was left first go. */
export const LEFT_GAMES_MAX = 100;

/** The part of its events that the game with the most gives up where all together hold too much; one event at a time would be slow. */
const PART_GIVEN_UP = 16;

/**
 * The newest events of each game in a ring of its own, and the listeners to all. A game that is busy outruns nobody but itself: where
 * all games together hold more than they may, the one that holds the most gives up its oldest events.
 */
export class RingLog implements EventLog {
  readonly epoch: string;
  /** By game; what belongs to none is a game of its own here. */
  readonly #games = new Map<string | null, GameEvents>();
  /** Games that were left and are still here, in the order in which they were left. */
  readonly #left = new Set<string>();
  readonly #bounds: RingBounds;
  readonly #bytesMax: number;
  readonly #listeners: Listeners<[AnyEvent]>;
  readonly #ends: Listeners<[]>;
  #seq: number;
  #bytes = 0;
  /** Up to which place something is kept no more, of any game and of those that are forgotten with all their events. */
  #lost: number;
  #forgotten: number;
  /** The game of the last event: most events are of the same game as the one before. */
  #lastId: string | null = null;
  #last: GameEvents | undefined;

  /** @param capacity Events of one game that are kept. */
  constructor(epoch: string, seq: number, capacity: number, report: (error: unknown) => void) {
    this.epoch = epoch;
    this.#seq = seq;
    this.#lost = seq;
    this.#forgotten = seq;
    this.#bounds = { events: capacity, bytes: Math.max(GAME_BYTES_MIN, BYTES_AN_EVENT * capacity) };
    this.#bytesMax = Math.max(TOTAL_BYTES_MIN, 2 * this.#bounds.bytes);
    this.#listeners = new Listeners(report);
    this.#ends = new Listeners(report);
  }

  get seq(): number {
    return this.#seq;
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  /** About how many bytes the events of all games hold. */
  get bytes(): number {
    return this.#bytes;
  }

  subscribe(listener: (event: AnyEvent) => void): () => void {
    // What happened before may still be waiting to be told; it is not for this listener.
    const from = this.#seq;
    return this.#listeners.add((event) => {
      // Of moves one too many does no harm: those that follow are newer.
      if (event.seq > from || (event.seq === from && event.type === "agent.moved")) listener(event);
    });
  }

  onTold(listener: () => void): () => void {
    return this.#ends.add(listener);
  }

  floor(scope: Scope): number {
    if (scope.kind === "all") return this.#lost;
    return this.#games.get(scope.game_id)?.lost ?? this.#forgotten;
  }

  after(scope: Scope, seq: number, most = Infinity): readonly AnyEvent[] | "outrun" {
    if (!Number.isSafeInteger(seq) || seq > this.#seq || seq < this.floor(scope)) return "outrun";
    if (scope.kind === "game") {
      return this.#games.get(scope.game_id)?.between(seq, Infinity, most) ?? [];
    }
    // Nothing of any game is lost, so that the next events are those of the next places, whosever they are.
    const events: AnyEvent[] = [];
    for (const game of this.#games.values()) {
      if (game.newest <= seq) continue;
      for (const event of game.between(seq, seq + most, most)) events.push(event);
    }
    return this.#games.size > 1 ? events.sort((a, b) => a.seq - b.seq) : events;
  }

  /** Takes in an event whose seq is the next one. */
  append(event: AnyEvent): void {
    const game = this.#gameOf(event.game_id);
    const { bytes } = game;
    this.#seq = event.seq;
    game.append(event);
    this.#bytes += game.bytes - bytes;
    if (game.lost > this.#lost) this.#lost = game.lost;
    if (this.#bytes > this.#bytesMax) this.#makeRoom();
  }

  /** A game is known from now on: what becomes of others' events says nothing of its own. */
  know(gameId: string): void {
    this.#left.delete(gameId);
    this.#gameOf(gameId);
  }

  /** A game was left and is known no more. Its events are kept for those who have not heard of its end yet, until many others were left. */
  retire(gameId: string): void {
    this.#left.add(gameId);
    for (const oldest of this.#left) {
      if (this.#left.size <= LEFT_GAMES_MAX) break;
      this.forget(oldest);
    }
  }

  /** A game is known no more, and its events are kept no more. */
  forget(gameId: string): void {
    this.#left.delete(gameId);
    const game = this.#games.get(gameId);
    if (game === undefined) return;
    this.#games.delete(gameId);
    this.#last = undefined;
    this.#bytes -= game.bytes;
    this.#forgotten = Math.max(this.#forgotten, game.newest);
    this.#lost = Math.max(this.#lost, game.newest);
  }

  tell(event: AnyEvent): void {
    this.#listeners.tell(event);
  }

  /** All that happened has been told for now. */
  endTelling(): void {
    this.#ends.tell();
  }

  #gameOf(gameId: string | null): GameEvents {
    if (this.#last !== undefined && this.#lastId === gameId) return this.#last;
    let game = this.#games.get(gameId);
    // One of this name may have been forgotten, of which nothing is known but that it lost no more than this.
    if (game === undefined) this.#games.set(gameId, (game = new GameEvents(this.#bounds, this.#forgotten)));
    this.#lastId = gameId;
    this.#last = game;
    return game;
  }

  #makeRoom(): void {
    let largest: GameEvents | undefined;
    for (const game of this.#games.values())
      if (largest === undefined || game.bytes > largest.bytes) largest = game;
    if (largest === undefined) return;
    const { bytes } = largest;
    largest.shrinkTo(bytes - bytes / PART_GIVEN_UP);
    this.#bytes += largest.bytes - bytes;
    this.#lost = Math.max(this.#lost, largest.lost);
  }
}
