import type { Hub } from "../../stream/index.js";
import type { StreamFault } from "./fault.js";
import type { FaultList } from "./fault-list.js";
import { FaultyConnection } from "./faulty-connection.js";
import type { Rule } from "./rule.js";

/** The connections of a backend, on which faults of the stream strike. */
export class FaultyConnections {
  readonly #open = new Set<FaultyConnection>();

  /** Lets a fault strike those that are open, the oldest first. */
  strike(rule: Rule<StreamFault>, faults: FaultList): void {
    for (const connection of [...this.#open]) {
      if (rule.isUsedUp) return;
      if (faults.strikesNow(rule)) connection.strike(rule);
    }
  }

  /** Stands before a hub. */
  before(hub: Hub, faults: FaultList): Hub {
    return {
      get clients() {
        return hub.clients;
      },
      get connections() {
        return hub.connections;
      },
      get heldBytes() {
        return hub.heldBytes;
      },
      get closed() {
        return hub.closed;
      },
      accept: (connection) => {
        const faulty = new FaultyConnection(connection, faults, (over) => this.#open.delete(over));
        this.#open.add(faulty);
        return faulty.join(hub.accept(faulty));
      },
      close: () => hub.close(),
    };
  }
}
