import type { Clock, PositionsResult, PositionUpdate, Random } from "../contract/index.js";
import type { AgentVMError, Outcome } from "../errors/index.js";
import type { Viewer } from "../client/stream/viewer.js";
import type { MoveNumbers } from "./move-numbers.js";
import type { MovesOptions } from "./moves-options.js";
import type { PositionsSettled } from "../client/stream/commands.js";

/** Why an agent could not be moved. */
export type Refusal = NonNullable<PositionsResult["failed"]>[number];

/** What a mover works with. */
export interface MoverParts {
  readonly options: MovesOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Sends over the stream, and tells what came of it; false when nothing went out. */
  readonly send: (updates: PositionUpdate[], settled: PositionsSettled) => boolean;
  /** Whether the stream carries positions now. */
  readonly isLive: () => boolean;
  /** Tells the server where the viewer is, so that it sends less of what is far. */
  readonly look: (viewer: Viewer | null) => void;
  readonly numbers: MoveNumbers;
  /** Sends as a request, and gives what came to nothing. */
  readonly put: (updates: PositionUpdate[]) => Promise<PositionsResult>;
  /** The error for an agent that could not be moved, in the words of the server. */
  readonly errorOf: (refusal: Refusal) => AgentVMError;
  /** The error for moves that were ended from outside. */
  readonly stopped: (outcome: Outcome) => Error;
  /** Told what went wrong, whether anybody awaits the move or not. */
  readonly report: (error: unknown) => void;
}
