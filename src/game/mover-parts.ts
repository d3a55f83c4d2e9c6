import type { Clock, PositionUpdate, Random } from "../contract/index.js";
import type { AgentVMError } from "../errors/index.js";
import type { Viewer } from "../realtime/viewer.js";
import type { MoveNumbers } from "./move-numbers.js";
import type { MovesOptions } from "./moves-options.js";
import type { MoveNow } from "./position-update.js";

/** What a mover works with. */
export interface MoverParts {
  readonly options: MovesOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Sends over the stream; false when it is not open or not all went out. */
  readonly send: (updates: PositionUpdate[]) => boolean;
  /** Whether the stream carries positions now. */
  readonly isLive: () => boolean;
  /** Tells the server where the viewer is, so that it sends less of what is far. */
  readonly look: (viewer: Viewer | null) => void;
  readonly numbers: MoveNumbers;
  /** Moves one agent by a call of its own, for somebody who waits for the answer. */
  readonly moveNow: MoveNow;
  /** Sends as a request, and gives the updates that came to nothing. */
  readonly put: (updates: PositionUpdate[]) => Promise<readonly AgentVMError[]>;
  /** Told what went wrong with moves that nobody waits for. */
  readonly report: (error: unknown) => void;
}
