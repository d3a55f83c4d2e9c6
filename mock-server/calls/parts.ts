import type { Clock, SystemStatus } from "../../src/contract/index.js";
import type { Engine } from "../domain/index.js";
import type { Access } from "./access.js";
import type { Reviews } from "./reviews.js";
import type { Stats } from "./stats.js";

/** What the operations stand on. */
export interface OperationParts {
  readonly engine: Engine;
  /** Comes back when a review is done that somebody carries out. */
  readonly review: Reviews["carryOut"];
  readonly access: Access;
  readonly clock: Clock;
  /** The time of everybody else, which goes on as ever where the backend's own is sped up or paused. */
  readonly wallClock: Clock;
  readonly stats: Stats;
  /** Clients on the event stream now. */
  websocketClients(): number;
  /** What the process uses; null where the host cannot tell. */
  resources(): SystemStatus["resources"];
  /** Whether nothing went wrong lately in the backend's own work. */
  healthy(): boolean;
}
