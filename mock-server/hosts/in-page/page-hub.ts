import { loadCode } from "../../calls/load-code.js";
import type { createHub } from "../../stream/index.js";
import type { ClientMessage, Connection, ConnectionEvents, Hub, HubParts } from "../../stream/index.js";
import type { createWire, Wire } from "./wire.js";

/** What a hub in the page loads when the first socket needs it, or is about to. */
export interface LiveCode {
  readonly createHub: typeof createHub;
  readonly createWire: typeof createWire;
}

/** A hub whose code is a chunk of its own: a page that opens no event stream never loads it. */
export class PageHub implements Hub {
  readonly #parts: HubParts;
  readonly #import: () => Promise<LiveCode>;
  #hub: Hub | null = null;
  #wire: Wire | Promise<Wire> | null = null;
  #closed = false;

  constructor(parts: HubParts, load: () => Promise<LiveCode>) {
    this.#parts = parts;
    this.#import = load;
  }

  get clients(): number {
    return this.#hub?.clients ?? 0;
  }

  get connections(): number {
    return this.#hub?.connections ?? 0;
  }

  get heldBytes(): number {
    return this.#hub?.heldBytes ?? 0;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * The wire to this hub; a promise while its code is loading. Where that fails the next call tries again.
   *
   * @throws EngineError `unavailable` when the code cannot be loaded.
   */
  wire(): Wire | Promise<Wire> {
    return (this.#wire ??= this.#load());
  }

  /** Takes a connection. What one says that comes before the hub's code is there waits for it. */
  accept(connection: Connection): ConnectionEvents {
    if (this.#hub !== null) return this.#hub.accept(connection);
    let events: ConnectionEvents | null = null;
    let early: ClientMessage[] = [];
    let isOver = false;
    Promise.resolve(this.wire()).then(
      () => {
        if (isOver) return;
        events = this.#hub?.accept(connection) ?? null;
        if (events === null) connection.terminate();
        for (const data of early) events?.message(data);
        early = [];
      },
      () => connection.close(1013, "server busy"),
    );
    return {
      message: (data) => {
        if (events !== null) events.message(data);
        else early.push(data);
      },
      closed: () => {
        isOver = true;
        events?.closed();
      },
      drained: () => events?.drained(),
    };
  }

  close(): void {
    this.#closed = true;
    this.#hub?.close();
  }

  async #load(): Promise<Wire> {
    try {
      const { createHub, createWire } = await loadCode("the event stream", this.#import);
      // Nothing is lost by a hub that comes late: who connects reads the engine's log.
      if (!this.#closed) this.#hub = createHub(this.#parts);
      return (this.#wire = createWire(this));
    } catch (error) {
      this.#wire = null;
      this.#parts.onError?.(error);
      throw error;
    }
  }
}
