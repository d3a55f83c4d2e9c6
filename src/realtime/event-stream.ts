import type {
  ClientFrame,
  CommandMethod,
  Cursor,
  EventType,
  PositionUpdate,
  Subscribe,
} from "../contract/index.js";
import { POSITION_UPDATES_MAX } from "../contract/index.js";
import type { AgentVMError } from "../errors/index.js";
import { ContractError } from "../errors/index.js";
import { Commands, streamUnavailable } from "./commands.js";
import { Connection } from "./connection.js";
import type { EventQueueOptions } from "./event-queue.js";
import { EventQueue } from "./event-queue.js";
import { runtimeLifecycle } from "./lifecycle.js";
import type { Listener, ListenOptions } from "./listeners.js";
import { Listeners } from "./listeners.js";
import type { Tell } from "./machine-types.js";
import type { EventStreamPorts } from "./ports.js";
import { untilLive } from "./ready.js";
import { streamClosed, streamStopped } from "./stream-errors.js";
import type {
  ConnectionChange,
  ConnectionState,
  StreamEvent,
  StreamEventMap,
  StreamEventName,
} from "./stream-events.js";
import { isUnknownEvent } from "./stream-events.js";

/** What {@link EventStream.events} gives. */
export interface EventsOptions<T extends EventType | "gap"> extends EventQueueOptions {
  /** The names to give, and no others; all when left out. */
  readonly types?: readonly T[] | undefined;
}

/** What a stream holds at the moment; all 0 before it is opened and after it is closed. */
export interface StreamStats {
  readonly listeners: number;
  readonly iterators: number;
  readonly commands: number;
  readonly sockets: number;
  readonly timers: number;
  /** 1 while it listens for the network and the page to come back. */
  readonly wakes: number;
}

/**
 * A game's live events: in order, each once, over as many connections as it takes. What is lost for good is told
 * by a `gap` event, exactly where it is missing.
 */
export class EventStream {
  readonly #ports: EventStreamPorts;
  readonly #connection: Connection;
  readonly #commands: Commands;
  readonly #listeners = new Listeners((error, from) => this.#report(error, from));
  readonly #iterators = new Set<{ end(error?: Error | null): void }>();
  #sleeps: (() => void) | null = null;

  constructor(ports: EventStreamPorts) {
    this.#ports = ports;
    this.#commands = new Commands(ports.clock, (body) => ports.commandError(body));
    this.#connection = new Connection(ports, {
      tell: (news) => this.#tell(news),
      changed: (change) => this.#changed(change),
      dropped: () =>
        this.#commands.fail(() => streamUnavailable("its connection was lost on the way", "unknown")),
      failed: (error) => this.#report(error),
    });
  }

  /** How the connection stands. The same object until it changes. */
  get state(): ConnectionState {
    return this.#connection.state;
  }

  /** Whether commands and positions go over the stream now. */
  get canSend(): boolean {
    return this.#connection.canSend;
  }

  /** The last place of the log that was told; null before the first welcome. */
  get cursor(): Cursor | null {
    return this.#connection.cursor;
  }

  /** What was asked for at the last `open`. */
  get subscription(): Subscribe {
    return this.#connection.subscription;
  }

  /** What the stream holds at the moment. */
  get stats(): StreamStats {
    return {
      listeners: this.#listeners.count,
      iterators: this.#iterators.size,
      commands: this.#commands.size,
      ...this.#connection.handles,
      wakes: this.#sleeps === null ? 0 : 1,
    };
  }

  /**
   * Connects, and stays connected until `close`. Called again, it follows the new subscription from where the
   * stream is. `resume` is where to begin: without it, the first connection begins with what happens from then on.
   *
   * @throws ClosedError when the stream was closed.
   */
  open(subscribe: Subscribe = {}, { resume = null }: { readonly resume?: Cursor | null } = {}): void {
    this.#mustBeOpen();
    const { lifecycle = runtimeLifecycle() } = this.#ports;
    this.#sleeps ??= lifecycle?.subscribe(() => this.#connection.dispatch({ type: "wake" })) ?? null;
    this.#connection.dispatch({ type: "open", subscribe, resume });
  }

  /**
   * Resolves when the stream is live.
   *
   * @throws AuthenticationError, PermissionError or ContractError when it stopped for good, ClosedError when it was
   * closed, CancelledError when `signal` was aborted.
   */
  async ready(signal?: AbortSignal): Promise<void> {
    return untilLive(this, signal);
  }

  /**
   * Calls `listener` for each event of that name, until what is returned is called or `signal` is aborted.
   * A listener that throws is reported under `error`, and hurts itself alone.
   *
   * @example
   * const undo = stream.on("task.progress", (event) => console.log(event.data.progress));
   */
  on<N extends StreamEventName>(name: N, listener: Listener<N>, options?: ListenOptions): () => void {
    this.#mustBeOpen();
    return this.#listeners.add(name, listener, false, options);
  }

  /** As {@link on}, for the next event alone. */
  once<N extends StreamEventName>(name: N, listener: Listener<N>, options?: ListenOptions): () => void {
    this.#mustBeOpen();
    return this.#listeners.add(name, listener, true, options);
  }

  /** Ends the listening of `listener` to that name, however often it was begun. */
  off<N extends StreamEventName>(name: N, listener: Listener<N>): void {
    this.#listeners.remove(name, listener);
  }

  /**
   * The events as an async iterator, from this call on. It holds `capacity` (1000) events for a slow reader; past
   * them `overflow` decides: `drop-oldest` (the default) lets the oldest go and warns once, `error` ends the loop with
   * an error. It is done when the stream is closed, and throws when the stream stopped for good.
   *
   * @example
   * for await (const event of stream.events({ types: ["task.completed", "gap"] })) console.log(event.type);
   */
  events<T extends EventType | "gap">(
    options: EventsOptions<T> & { readonly types: readonly T[] },
  ): AsyncIterableIterator<StreamEventMap[T], undefined>;
  events(options?: EventsOptions<EventType | "gap">): AsyncIterableIterator<StreamEvent, undefined>;
  events<T extends EventType | "gap">(
    options: EventsOptions<T> = {},
  ): AsyncIterableIterator<StreamEvent, undefined> {
    this.#mustBeOpen();
    const types = options.types === undefined ? null : new Set<string>(options.types);
    let undo = () => {
      // Nothing is listened to yet.
    };
    const queue = new EventQueue<StreamEvent>(options, {
      onDropped: () => this.#warn("An iterator of events is too slow: its oldest events are dropped."),
      onEnd: (ended) => {
        undo();
        this.#iterators.delete(ended);
      },
    });
    if (options.signal?.aborted === true) return queue;
    undo = this.#listeners.add(
      "*",
      (event) => {
        if (types === null || types.has(event.type.toString())) queue.push(event);
      },
      false,
    );
    this.#iterators.add(queue);
    return queue;
  }

  /**
   * Makes a call over the stream. `id` is its idempotency key: where this rejects with an error that
   * `isStreamUnavailable` knows, the same call over REST under the same key happens once.
   *
   * @throws What the REST call would throw, or a NetworkError that `isStreamUnavailable` knows.
   */
  async command(
    method: CommandMethod,
    params: Record<string, unknown>,
    id: string,
    signal?: AbortSignal,
  ): Promise<unknown> {
    this.#mustBeOpen();
    return this.#commands.run({ id, method, params }, (text) => this.#connection.send(text), signal);
  }

  /** Sends where agents are; there is no answer. False when it did not all go out: send the newest later. */
  sendPositions(updates: readonly PositionUpdate[]): boolean {
    for (let from = 0; from < updates.length; from += POSITION_UPDATES_MAX) {
      const frame: ClientFrame = {
        type: "positions",
        updates: updates.slice(from, from + POSITION_UPDATES_MAX),
      };
      if (!this.#connection.send(JSON.stringify(frame))) return false;
    }
    return this.canSend;
  }

  /** Ends everything, at any moment and for ever: the socket, timers, waiting commands, iterators and listeners. */
  close(): void {
    if (this.state.status === "closed") return;
    this.#commands.fail(streamClosed);
    this.#connection.dispatch({ type: "close" });
  }

  #tell(news: Exclude<Tell, { readonly type: "connection" }>): void {
    switch (news.type) {
      case "event":
        this.#tellEvent(news.event);
        return;
      case "gap":
        this.#tellEvent(news.gap);
        return;
      case "ack":
        this.#commands.settle(news.ack);
        return;
      case "problem":
        this.#report(
          new ContractError(`The event stream sent what could not be used: ${news.problem}.`, {
            code: "contract_broken",
            outcome: "unknown",
            remediation: "The stream went on. Check that the server speaks this version of the contract.",
          }),
        );
    }
  }

  #tellEvent(event: StreamEvent): void {
    if (!isUnknownEvent(event)) this.#listeners.emit({ name: event.type, payload: event });
    this.#listeners.emit({ name: "*", payload: event });
  }

  #changed(change: ConnectionChange): void {
    const { current } = change;
    this.#listeners.emit({ name: "connection", payload: change });
    if (current.status !== "closed" && current.status !== "stopped") return;
    this.#sleeps?.();
    this.#sleeps = null;
    const error = current.status === "stopped" ? streamStopped(current) : null;
    for (const iterator of [...this.#iterators]) iterator.end(error);
    if (current.status === "closed") this.#listeners.clear();
    else if (error !== null) this.#report(error);
  }

  /** What throws in the error channel itself goes to the logger alone. */
  #report(error: AgentVMError, from?: StreamEventName): void {
    this.#warn(`${error.name}: ${error.message}`);
    if (from !== "error") this.#listeners.emit({ name: "error", payload: error });
  }

  #warn(message: string): void {
    try {
      this.#ports.logger?.warn(message);
    } catch {
      // A logger that throws must not end the stream, and there is nobody left to tell.
    }
  }

  #mustBeOpen(): void {
    if (this.state.status === "closed") throw streamClosed();
  }
}
