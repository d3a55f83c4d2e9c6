import type { AnyEvent, Clock } from "../../src/contract/index.js";
import { EngineError } from "../domain/index.js";
import type { Engine, Ids } from "../domain/index.js";
import { ownerOf, type Access, type Caller, type CallWatch } from "../calls/index.js";
import { closeReason } from "./closing.js";
import type { Connection, ConnectionEvents } from "./connection.js";
import { EventTexts } from "./event-text.js";
import { FairPlaces } from "../fair-places.js";
import { identifyAtHello } from "./hello.js";
import { DEFAULT_HUB_LIMITS, type HubLimits } from "./hub-limits.js";
import { Peer, type PeerParts } from "./peer.js";
import { Turns } from "./turns.js";
import { watchedOperations, type HubOperations } from "./watched-operations.js";

/** The live side of a server: every connection to `/ws`, whatever host it came by. */
export interface Hub {
  /** Takes a connection. The host tells its further life through what comes back. */
  accept(connection: Connection): ConnectionEvents;
  /** Connections that have said hello. */
  readonly clients: number;
  /** Connections in all, those that have not said hello among them. */
  readonly connections: number;
  /** Bytes that are held for slow readers. */
  readonly heldBytes: number;
  readonly closed: boolean;
  /** Closes every connection with 1012 and takes none any more. */
  close(): void;
}

/** What a hub is made of. */
export interface HubParts {
  readonly engine: {
    readonly log: Engine["log"];
    readonly agents: Pick<Engine["agents"], "positionOf" | "movedSince">;
    readonly games: Pick<Engine["games"], "session">;
  };
  readonly operations: HubOperations;
  /** Gets what answers the calls of workers; left out, there are none. */
  readonly workers?: PeerParts["workers"];
  readonly access: Pick<Access, "identify" | "wereValid" | "confirm" | "onRevoked">;
  /** The domain's time: when sessions end, and the welcome's `server_time`. */
  readonly clock: Clock;
  /**
   * The time of connections: how long a hello may take, pings, silence, frames a second. The same as `clock` unless told
   * otherwise; where the domain's time is sped up, a network is not, and this is the machine's.
   */
  readonly wallClock?: Clock;
  readonly ids: Pick<Ids, "next">;
  /** Told of each command once it is answered, and what times them. */
  readonly watch?: { readonly calls: CallWatch; readonly stopwatch: () => number };
  readonly limits?: Partial<HubLimits>;
  /** Told what a socket or an operation threw that it should not have; the hub goes on. */
  readonly onError?: (error: unknown) => void;
}

/** Texts of events that are kept for clients that resume together. */
const TEXTS_KEPT = 2_048;

/** Makes the hub of one engine. It listens to the log until it is closed, and has no timer while nobody is connected. */
export function createHub(parts: HubParts): Hub {
  return new EventHub(parts);
}

class EventHub implements Hub {
  /** One for all: what is made anew for each connection is held for as long as that is there. */
  readonly #peerParts: PeerParts;
  readonly #peers = new Set<Peer>();
  /** Those that have not said hello, by their address. */
  readonly #waitingPeers: FairPlaces<Peer>;
  /** Those that have, by their game. */
  readonly #livePeers: FairPlaces<Peer>;
  /** The same as a list, since every event goes through it. One that ended takes nothing any more. */
  #list: readonly Peer[] = [];
  readonly #texts = new EventTexts(TEXTS_KEPT);
  readonly #waiting: AnyEvent[] = [];
  readonly #undo: readonly (() => void)[];
  #broadcasting = false;
  /** Whether moves wait for the end of what is told. */
  #hasMoves = false;
  #closed = false;

  constructor(parts: HubParts) {
    const { engine, access, clock, ids, watch, workers = noWorkers, wallClock = clock, onError } = parts;
    const operations =
      watch === undefined
        ? parts.operations
        : watchedOperations(parts.operations, watch.calls, watch.stopwatch);
    const limits = { ...DEFAULT_HUB_LIMITS, ...parts.limits };
    this.#waitingPeers = new FairPlaces(limits.waitingMax, "queue");
    this.#livePeers = new FairPlaces(limits.connectionsMax, "seats");
    this.#peerParts = {
      log: engine.log,
      operations,
      workers,
      identify: (credentials, remote) => identifyAtHello(credentials, remote, access, operations),
      confirm: (caller) => {
        access.confirm(caller);
      },
      positionOf: (agentId) => engine.agents.positionOf(agentId),
      movedSince: (scope, seq) => engine.agents.movedSince(scope, seq),
      session: (sessionId) => engine.games.session(sessionId),
      nextId: (kind) => ids.next(kind),
      clock,
      wallClock,
      limits,
      texts: this.#texts,
      turns: new Turns(),
      report: (error) => onError?.(error),
      seat: (peer, caller) => this.#seat(peer, caller),
      onEnd: (peer, caller) => this.#forget(peer, caller),
    };
    this.#undo = [
      parts.engine.log.subscribe((event) => {
        this.#publish(event);
      }),
      parts.engine.log.onTold(() => {
        this.#flush();
      }),
      parts.access.onRevoked((sessionId) => {
        this.#endSession(sessionId);
      }),
    ];
  }

  get clients(): number {
    return this.#livePeers.size;
  }

  get connections(): number {
    return this.#peers.size;
  }

  get heldBytes(): number {
    let bytes = 0;
    for (const peer of this.#peers) bytes += peer.heldBytes;
    return bytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  accept(connection: Connection): ConnectionEvents {
    if (this.#closed) return refuse(connection);
    const peer = new Peer(this.#peerParts, connection);
    this.#peers.add(peer);
    const { left } = this.#waitingPeers.take(peer.remote, peer);
    left?.end({ code: 1013, detail: "said no hello while others came" });
    return peer;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const undo of this.#undo) undo();
    for (const peer of [...this.#peers]) peer.end({ code: 1012 });
    this.#waiting.length = 0;
    this.#texts.clear();
  }

  /** Gives one that says hello its place among those that have; false where there is none for its game. */
  #seat(peer: Peer, caller: Caller): boolean {
    const { placed, left } = this.#livePeers.take(ownerOf(caller), peer);
    left?.end({ code: 1013, detail: "others have fewer connections" });
    if (!placed) return false;
    this.#waitingPeers.leave(peer.remote, peer);
    this.#list = [...this.#list, peer];
    return true;
  }

  #forget(peer: Peer, caller: Caller | null): void {
    this.#peers.delete(peer);
    this.#waitingPeers.leave(peer.remote, peer);
    if (caller === null) return;
    this.#livePeers.leave(ownerOf(caller), peer);
    this.#list = this.#list.filter((other) => other !== peer);
  }

  /** An event that comes about while another is being sent waits for it, so that everybody hears both in order. */
  #publish(event: AnyEvent): void {
    if (this.#broadcasting) {
      this.#waiting.push(event);
      return;
    }
    this.#broadcasting = true;
    try {
      for (let next: AnyEvent | undefined = event; next !== undefined; next = this.#waiting.shift()) {
        if (next.type === "agent.moved") this.#hasMoves = true;
        for (const peer of this.#list) peer.offer(next);
      }
    } finally {
      this.#waiting.length = 0;
      this.#broadcasting = false;
    }
  }

  #flush(): void {
    if (!this.#hasMoves) return;
    this.#hasMoves = false;
    for (const peer of this.#list) peer.flush();
  }

  #endSession(sessionId: string): void {
    for (const peer of [...this.#peers]) {
      const { caller } = peer;
      if (caller?.kind === "session" && caller.session_id === sessionId) peer.end({ code: 4410 });
    }
  }
}

function noWorkers(): Promise<never> {
  return Promise.reject(new EngineError("unavailable", "This server takes no workers."));
}

function refuse(connection: Connection): ConnectionEvents {
  try {
    connection.close(1012, closeReason({ code: 1012 }));
  } catch {
    connection.terminate();
  }
  const nothing = (): void => undefined;
  return { message: nothing, closed: nothing, drained: nothing };
}
