import * as z from "../contract/zod.js";
import type { CancelTimer, ClaimedJob, Clock, NoticeData, NoticeName, Random } from "../contract/index.js";
import { ackSchema, HEARTBEAT_MS, pingSchema, welcomeSchema } from "../contract/frames.js";
import { check } from "../contract/schema.js";
import type { Output, Schema } from "../contract/schema.js";
import { PROTOCOL_VERSION } from "../contract/version.js";
import { noticeDataSchemas, noticeFrameSchema, workerClaimAnswerSchema } from "../contract/workers.js";
import { BUSY_WAIT_MS, fullJitter } from "../client/stream/backoff.js";
import type { WebSocketConstructor, WebSocketLike } from "../client/stream/ports.js";
import { loadWebSocket } from "#websocket";

/** Milliseconds for a connection to stand, and for a claim to be answered. */
const PATIENCE_MS = 10_000;

/** Close codes after which another try cannot help. */
const FINAL = new Set([4400, 4401, 4403]);

/** Close codes by which a server asks for time. */
const BUSY = new Set([1013, 4429]);

/** What a connection for notices is made of. */
export interface NoticeStreamParts {
  readonly url: string;
  readonly apiKey: string;
  readonly WebSocket: WebSocketConstructor | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Told one notice. */
  readonly heard: (data: NoticeData[NoticeName]) => void;
  /** Told whenever it is live from now on, or no more. */
  readonly changed: () => void;
  readonly warn: (message: string) => void;
}

/** One attempt to be connected. */
interface Link {
  readonly socket: WebSocketLike;
  live: boolean;
  cancel: CancelTimer;
  heartbeatMs: number;
}

/**
 * A worker's own connection to the event stream, which tells what it has to know at once: that there is work, that a task is not wanted any
 * more, an answer, a review. It asks for work itself, since that is what makes a server tell; all else goes by HTTP. It comes back when it is lost.
 */
export class NoticeStream {
  readonly #parts: NoticeStreamParts;
  readonly #claims = new Map<string, (jobs: ClaimedJob[] | null) => void>();
  #WebSocket: WebSocketConstructor | null;
  #link: Link | null = null;
  #retry: CancelTimer = () => undefined;
  #attempt = 0;
  #count = 0;
  #isClosed = false;

  constructor(parts: NoticeStreamParts) {
    this.#parts = parts;
    this.#WebSocket = parts.WebSocket ?? null;
  }

  get isLive(): boolean {
    return this.#link?.live === true;
  }

  async open(): Promise<void> {
    try {
      this.#WebSocket ??= await loadWebSocket();
      if (!this.#isClosed) this.#connect(this.#WebSocket);
    } catch (error) {
      this.#parts.warn(
        `Work is asked for by HTTP alone: ${error instanceof Error ? error.message : "no WebSocket"}`,
      );
      this.#parts.changed();
    }
  }

  /** Asks for work, and to be told of it from now on. Null where that cannot be had here. */
  claim(workerId: string, slots: number): Promise<ClaimedJob[] | null> {
    const link = this.#link;
    if (link?.live !== true) return Promise.resolve(null);
    const id = `claim-${(this.#count += 1)}-${Math.floor(this.#parts.random() * 2 ** 32).toString(36)}`;
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.setTimeout(() => settle(null), PATIENCE_MS);
      const settle = (jobs: ClaimedJob[] | null): void => {
        cancel();
        this.#claims.delete(id);
        resolve(jobs);
      };
      this.#claims.set(id, settle);
      const params = { worker_id: workerId, slots, wait_ms: 0 };
      this.#send(link, { type: "command", id, method: "workers.claim", params });
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#retry();
    if (this.#link !== null) this.#drop(this.#link);
  }

  #connect(WebSocket: WebSocketConstructor): void {
    const { clock, url } = this.#parts;
    const socket = new WebSocket(url);
    const cancel = clock.setTimeout(() => this.#lose(link, 1006), PATIENCE_MS);
    const link: Link = { socket, live: false, cancel, heartbeatMs: HEARTBEAT_MS };
    this.#link = link;
    socket.onopen = () => {
      // One kind of event that is seldom has to be named: of an empty list a server tells all.
      const hello = { type: "hello", protocol: PROTOCOL_VERSION, api_key: this.#parts.apiKey };
      this.#send(link, { ...hello, subscribe: { types: ["worker.left"] } });
    };
    socket.onmessage = ({ data }: { readonly data: unknown }) => this.#take(link, data);
    // A close always follows an error, and tells more.
    socket.onerror = () => undefined;
    socket.onclose = ({ code }: { readonly code: number }) => this.#lose(link, code);
  }

  #take(link: Link, data: unknown): void {
    if (this.#link !== link) return;
    const frame = read(frameSchema, parse(data));
    if (link.live) this.#expectMore(link);
    switch (frame?.type) {
      case "welcome": {
        const welcome = read(welcomeSchema, frame);
        if (welcome === null) return;
        if (welcome.protocol !== PROTOCOL_VERSION) return this.#lose(link, 4400);
        link.live = true;
        link.heartbeatMs = welcome.heartbeat_ms;
        this.#attempt = 0;
        this.#expectMore(link);
        return this.#parts.changed();
      }
      case "ping": {
        const ping = read(pingSchema, frame);
        if (ping !== null) this.#send(link, { type: "pong", t: ping.t });
        return;
      }
      case "ack": {
        const ack = read(ackSchema, frame);
        if (ack === null) return;
        const answer = ack.ok ? read(workerClaimAnswerSchema, ack.result) : null;
        return this.#claims.get(ack.id)?.(answer?.jobs ?? null);
      }
      case "notice":
        return this.#notice(frame);
      default:
    }
  }

  #notice(frame: unknown): void {
    const notice = read(noticeFrameSchema, frame);
    const name = NOTICES.find((known) => known === notice?.name);
    const data = name === undefined ? null : read(noticeDataSchemas[name], notice?.data);
    if (data !== null) this.#parts.heard(data);
  }

  /** Two beats without a word mean a dead peer. */
  #expectMore(link: Link): void {
    link.cancel();
    link.cancel = this.#parts.clock.setTimeout(() => this.#lose(link, 1006), 2 * link.heartbeatMs);
  }

  #send({ socket }: Link, frame: object): void {
    try {
      socket.send(JSON.stringify(frame));
    } catch {
      // The socket is closing; its close event says the rest.
    }
  }

  #lose(link: Link, code: number): void {
    if (this.#link !== link) return;
    const { clock, random, warn } = this.#parts;
    this.#drop(link);
    if (this.#isClosed) return;
    if (FINAL.has(code))
      warn(`The event stream refused the worker (${code}). Work is asked for by HTTP alone.`);
    else {
      const ms = fullJitter((this.#attempt += 1), random()) + (BUSY.has(code) ? BUSY_WAIT_MS : 0);
      this.#retry = clock.setTimeout(() => void this.open(), ms);
    }
    this.#parts.changed();
  }

  #drop(link: Link): void {
    const { socket } = link;
    link.cancel();
    this.#link = null;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(1000);
    for (const settle of [...this.#claims.values()]) settle(null);
  }
}

const frameSchema = /* @__PURE__ */ z.looseObject({ type: z.string() });

const NOTICES = [
  "work.offered",
  "work.cancelled",
  "task.answered",
  "work.review",
] as const satisfies readonly NoticeName[];

/** What fits no schema of today is left to clients of tomorrow. */
function read<S extends Schema>(schema: S, value: unknown): Output<S> | null {
  const checked = check(schema, value, "frame");
  return checked.ok ? checked.value : null;
}

function parse(data: unknown): unknown {
  try {
    return typeof data === "string" ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}
