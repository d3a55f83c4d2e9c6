import type { AnswerOf, Clock, PositionUpdate, Random } from "../contract/index.js";
import type { Lifetime } from "../lifetime.js";
import type { EventStream } from "../client/stream/event-stream.js";
import type { MoveNumbers } from "./move-numbers.js";
import type { MovesOptions } from "./moves-options.js";
import type { MoveNow } from "./position-update.js";

/** What the moves of a client are made of. */
export interface MovesParts {
  readonly options: MovesOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly lifetime: Lifetime;
  readonly stream: EventStream;
  readonly numbers: MoveNumbers;
  /** Moves one agent in a request of its own. */
  readonly moveOne: MoveNow;
  /** Moves many agents in one request. */
  readonly moveMany: (updates: readonly PositionUpdate[]) => Promise<AnswerOf<"agentMoveMany">>;
  /** Told what went wrong with moves that nobody waits for. */
  readonly report: (error: unknown) => void;
}
