import { DIRECT } from "../../contract/direct.js";
import type { PrepareSocket } from "../../contract/direct.js";
import { onAbort } from "../../contract/on-abort.js";
import type { CommandMethod, Cursor, EventType, Positions, Subscribe } from "../../contract/index.js";
import type { AgentVMError } from "../../errors/index.js";
import { assertLive, Lifetime, stopError } from "../../lifetime.js";
import type { AgentsFollower } from "./agents-follower.js";
import type { PositionsSettled } from "./commands.js";
import type { Connection, Handles } from "./connection.js";
import type { EventQueueOptions } from "./event-queue.js";
import { EventQueue } from "./event-queue.js";
import type { Listener, ListenOptions } from "./listeners.js";
import { Listeners } from "./listeners.js";
import type { Input } from "./machine-types.js";
import type { EventStreamPorts } from "./ports.js";
import type { callByStream } from "./stream-call.js";
import { streamStopped, streamUnavailable } from "./stream-errors.js";
import type { ConnectionState, StreamEvent, StreamEventMap, StreamEventName } from "./stream-events.js";
import type { placeStream } from "./stream-place.js";
import type { EventFeed } from "./event-feed.js";
import type { Viewer } from "./viewer.js";

/** What an {@link EventStream} is made of. */
export interface EventStreamParts<C extends StreamRunner = StreamCore> extends EventStreamPorts {
  /** Gets the code that runs the connection, which a page that never opens the stream does not load. */
  readonly load: () => Promise<C>;
}

/** The code that runs an open stream. */
export interface StreamRunner {
  readonly Connection: typeof Connection;
}

/** The same, with what follows tasks and agents by the stream and makes calls over it. */
export interface StreamCore extends StreamRunner {
  readonly AgentsFollower: typeof AgentsFollower;
  readonly EventFeed: typeof EventFeed;
  readonly callByStream: typeof callByStream;
  readonly placeStream: typeof placeStream;
}

/** What `events()` gives. */
export interface EventsOptions<T extends EventType | "gap"> extends EventQueueOptions {
  /** The names to give, and no others; all when left out. */
  readonly types?: readonly T[] | undefined;
}

/** What a stream holds at the moment; all 0 before it is opened and after it is closed. */
export interface StreamStats extends Handles {
  readonly listeners: number;
  readonly iterators: number;
  /** Events that wait for the readers of the iterators. */
  readonly events: number;
}

/**
 * A game's live events: in order, each once, over as many connections as it takes. What is lost for good is told
 * by a `gap` event, exactly where it is missing.
 */
export class EventStream<C extends StreamRunner = StreamCore> {
  readonly #ports: EventStreamParts<C>;
  readonly #listeners = new Listeners((error, from) => this.report(error, from));
  readonly #iterators = new Set<EventQueue<StreamEvent>>();
  readonly #lifetime = new Lifetime();
  #state: ConnectionState = { status: "idle" };
  #subscription: Subscribe = {};
  #core: C | null = null;
  #connection: Connection | null = null;
  /** What to open once the connection's code is there. */
  #opening: Input | null = null;
  #viewer: Viewer | null = null;

  constructor(ports: EventStreamParts<C>) {
    this.#ports = ports;
  }

  /** The code that runs the stream; null before it was opened. */
  get core(): C | null {
    return this.#core;
  }

  /** How the connection stands. The same object until it changes. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether commands and positions go over the stream now. */
  get canSend(): boolean {
    return this.#connection?.canSend === true;
  }

  /** The last place of the log that was told; null before the first welcome. */
  get cursor(): Cursor | null {
    return this.#connection?.cursor ?? null;
  }

  /** What was asked for at the last `open`. */
  get subscription(): Subscribe {
    return this.#subscription;
  }

  /** What the stream holds at the moment. */
  get stats(): StreamStats {
    return {
      listeners: this.#listeners.count,
      iterators: this.#iterators.size,
      events: [...this.#iterators].reduce((sum, { size }) => sum + size, 0),
      ...(this.#connection?.handles ?? { commands: 0, sockets: 0, timers: 0, wakes: 0, unsentBytes: 0 }),
    };
  }

  /** Begins to load what an open stream needs, here and at a backend in the same page, so that it is there when it is opened. */
  prepare(): void {
    this.#prepareSocket();
    // Opening it tells what went wrong.
    this.#ports.load().catch(() => undefined);
  }

  /**
   * Connects, and stays connected until `close`. Called again, it follows the new subscription from where the
   * stream is. `resume` is where to begin: without it, the first connection begins with what happens from then on.
   *
   * @throws ClosedError when the stream was closed.
   */
  open(subscribe: Subscribe = {}, { resume = null }: { readonly resume?: Cursor | null } = {}): void {
    this.#mustBeOpen();
    this.#subscription = subscribe;
    const input: Input = { type: "open", subscribe, resume };
    if (this.#connection !== null) {
      this.#connection.dispatch(input);
      return;
    }
    const isLoading = this.#opening !== null;
    this.#opening = input;
    if (!isLoading) void this.#load();
  }

  #prepareSocket(): void {
    const prepare: PrepareSocket | undefined = this.#ports.WebSocket?.[DIRECT];
    prepare?.();
  }

  /** Pages that never open the stream do not load what runs it. */
  async #load(): Promise<void> {
    const { load } = this.#ports;
    this.#changed({ status: "connecting", attempt: 0 });
    this.#prepareSocket();
    this.#core ??= await load().catch((thrown: unknown) => {
      this.#warn(`The event stream could not be loaded: ${String(thrown)}`);
      return null;
    });
    const core = this.#core;
    const opening = this.#opening;
    this.#opening = null;
    if (this.#lifetime.isOver || opening === null) return;
    if (core === null) {
      this.#changed({ status: "stopped", reason: "not loaded", closeCode: null });
      return;
    }
    const connection: Connection = new core.Connection(this.#ports, {
      lifetime: this.#lifetime,
      tell: (event) => this.#tell(event),
      hears: (type) => this.#listeners.has(type),
      changed: (state) => {
        // One that was let go of has no say any more.
        if (connection === this.#connection) this.#changed(state);
      },
      failed: (error) => this.report(error),
    });
    this.#connection = connection;
    connection.setViewer(this.#viewer);
    connection.dispatch(opening);
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
    const { types, signal } = options;
    const names = types === undefined ? null : new Set<string>(types);
    const queue = new EventQueue<StreamEvent>(options);
    let dropped = 0;
    const undo = this.#listeners.add(
      "*",
      (event) => {
        if (names !== null && !names.has(event.type.toString())) return;
        if (!queue.push(event) && (dropped += 1) === 1)
          this.#warn("An iterator of events is too slow: its oldest events are dropped.");
      },
      false,
    );
    const cancel = () => {
      queue.clear();
      queue.end(stopError(this.#lifetime, "Reading events", "not_sent"));
    };
    queue.onEnd = () => {
      undo();
      forgetSignal();
      this.#iterators.delete(queue);
    };
    this.#iterators.add(queue);
    const forgetSignal = onAbort(signal, cancel);
    if (signal?.aborted === true) cancel();
    return queue.read();
  }

  /**
   * Makes a call over the stream. `id` is its idempotency key: where this rejects with an error that
   * `isStreamUnavailable` knows, the same call over REST under the same key happens once. It does so after `timeoutMs`
   * milliseconds without an answer: 10000 unless told, and no more than that.
   *
   * @throws What the REST call would throw, or a NetworkError that `isStreamUnavailable` knows.
   */
  async command(
    method: CommandMethod,
    params: Record<string, unknown>,
    id: string,
    signal?: AbortSignal,
    timeoutMs?: number,
  ): Promise<unknown> {
    assertLive(this.#lifetime, signal, method);
    if (this.#connection === null) throw streamUnavailable("not_sent");
    return this.#connection.command(method, params, id, signal, timeoutMs);
  }

  /** Sends where agents are, and tells what came of it. False when it did not all go out: send the newest later. */
  sendPositions(positions: Positions, settled: PositionsSettled): boolean {
    return this.#connection?.sendPositions(positions, settled) === true;
  }

  /**
   * Takes where the game is looked at from: moves and progress of what is far are then told less often, by a server that can do
   * that. Null: every one is told. Cheap enough for every frame of a game.
   */
  setViewer(viewer: Viewer | null): void {
    this.#viewer = viewer;
    this.#connection?.setViewer(viewer);
  }

  /** Lets the connection go and forgets where it was, as before the first `open`. Listeners and iterators stay. */
  rest(): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#opening = null;
    connection?.dispatch({ type: "close" });
    if (!this.#lifetime.isOver && this.#state.status !== "idle") this.#changed({ status: "idle" });
  }

  /** Ends everything, at any moment and for ever: the socket, timers, waiting commands, iterators and listeners. */
  close(): void {
    if (this.#lifetime.isOver) return;
    this.#lifetime.end();
    if (this.#connection === null) this.#changed({ status: "closed" });
    else this.#connection.dispatch({ type: "close" });
  }

  #tell(event: StreamEvent): void {
    this.#listeners.emit(event.type.toString(), event);
    this.#listeners.emit("*", event);
  }

  #changed(current: ConnectionState): void {
    const previous = this.#state;
    this.#state = current;
    // The loading has said so already.
    if (current.status === "connecting" && previous.status === "connecting") return;
    this.#listeners.emit("connection", { previous, current });
    const isClosed = current.status === "closed";
    if (!isClosed && current.status !== "stopped") return;
    const error = isClosed ? null : streamStopped(current);
    for (const iterator of [...this.#iterators]) iterator.end(error);
    if (error === null) this.#listeners.clear();
    else this.report(error);
  }

  /** Tells the listeners of `error`. What throws in the error channel itself goes to the logger alone. */
  report(error: AgentVMError, from?: StreamEventName): void {
    this.#warn(`${error.name}: ${error.message}`);
    if (from !== "error") this.#listeners.emit("error", error);
  }

  #warn(message: string): void {
    try {
      this.#ports.logger?.warn(message);
    } catch {
      // A logger that throws must not end the stream, and there is nobody left to tell.
    }
  }

  #mustBeOpen(): void {
    assertLive(this.#lifetime, undefined, "The event stream");
  }
}
