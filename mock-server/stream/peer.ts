import { DETAIL_FEATURE } from "../../src/contract/detail.js";
import { FRAME_VALUES_MAX } from "../../src/contract/frames.js";
import { PROTOCOL_VERSION } from "../../src/contract/version.js";
import type { AnyEvent, CancelTimer, Clock } from "../../src/contract/index.js";
import {
  countValues,
  type Engine,
  type EngineError,
  type EventLog,
  type Scope,
  type Session,
} from "../domain/index.js";
import { ownerOf, type Caller, type Credentials } from "../calls/index.js";
import { readClientFrame } from "./client-frame.js";
import { closeReason, type Closing } from "./closing.js";
import { runCommand, runPositions, type CommandOutcome, type CommandRunner } from "./commands.js";
import { UPDATE_BYTES, type ClientMessage, type Connection, type ConnectionEvents } from "./connection.js";
import { Detail } from "./detail.js";
import type { EventTexts } from "./event-text.js";
import { FrameRate } from "./frame-rate.js";
import { closeCodeOf, readHello, type Greeting } from "./hello.js";
import type { HubLimits } from "./hub-limits.js";
import { Outbox } from "./outbox.js";
import type { Read } from "./read-frame.js";
import { createFilter, heardBy } from "./subscription.js";
import type { Turn, Turns } from "./turns.js";
import { WorkerConnection, type WorkerConnectionParts } from "./worker-connection.js";

/** What all connections of a hub share. */
export interface PeerParts extends CommandRunner, Pick<Engine["agents"], "positionOf" | "movedSince"> {
  readonly log: Pick<EventLog, "epoch" | "seq" | "floor" | "after">;
  readonly identify: (credentials: Credentials, remote: string) => Caller;
  /** Throws for a session that is over. */
  readonly session: (sessionId: string) => Pick<Session, "expires_at">;
  readonly nextId: (kind: "connection" | "request") => string;
  /** The domain's time, in which sessions end. */
  readonly clock: Clock;
  /** The time in which connections live. */
  readonly wallClock: Clock;
  readonly limits: HubLimits;
  readonly texts: EventTexts;
  readonly turns: Turns;
  /** Gives who says hello a place; false where there is none. */
  readonly seat: (peer: Peer, caller: Caller) => boolean;
  /** Gets what answers calls of workers. */
  readonly workers: WorkerConnectionParts["desk"];
  /** Told of the end, with the caller of one that had a place. */
  readonly onEnd: (peer: Peer, caller: Caller | null) => void;
}

/** What there is once a connection has said hello. */
interface Live {
  readonly caller: Caller;
  readonly outbox: Outbox;
  /** How much it is told of what agents do, from the first time on that it says where it looks from. */
  detail: Detail | null;
  readonly scope: Scope;
  /** The part of it that workers have, from their first command on. */
  work: WorkerConnection | null;
  /** Whether moves may have been held back for the viewer of the connection before this one, which the client resumes. */
  owesMoves: boolean;
}

/**
 * One connection, from its acceptance to its end. Whatever its socket throws ends this connection and no other.
 */
export class Peer implements ConnectionEvents {
  readonly #parts: PeerParts;
  readonly #connection: Connection;
  readonly #rate: FrameRate;
  /** In which it reads on from the log; null where its host has no turns to give. */
  readonly #turn: Turn | null;
  #live: Live | null = null;
  /** Who has a place here, from a moment before all is there that belongs to it. */
  #seated: Caller | null = null;
  #ended = false;
  #heardAt: number;
  #pinged = false;
  #cancelBeat: CancelTimer;
  #cancelExpiry: CancelTimer = () => undefined;

  constructor(parts: PeerParts, connection: Connection) {
    this.#parts = parts;
    this.#connection = connection;
    this.#heardAt = parts.wallClock.now();
    this.#rate = new FrameRate(parts.limits.framesPerSecondMax, this.#heardAt);
    this.#turn = this.#turnOf(connection);
    this.#cancelBeat = this.#awaitHello();
  }

  /** The address that it came from; empty where there is none. */
  get remote(): string {
    return this.#connection.remote ?? "";
  }

  /** Who is at the other end; null before the hello. */
  get caller(): Caller | null {
    return this.#live?.caller ?? null;
  }

  get owner(): string | null {
    return this.#live === null ? null : ownerOf(this.#live.caller);
  }

  /** Bytes that the hub holds for this connection. */
  get heldBytes(): number {
    return this.#live?.outbox.heldBytes ?? 0;
  }

  message(data: ClientMessage): void {
    if (this.#ended) return;
    this.#guard(() => {
      const now = this.#parts.wallClock.now();
      this.#heardAt = now;
      this.#pinged = false;
      const isText = typeof data === "string";
      const values = isText ? countValues(data, FRAME_VALUES_MAX) : 0;
      if (!this.#rate.take(isText ? data.length : data.updates.length * UPDATE_BYTES, values, now)) {
        this.end({ code: 4429, detail: `${this.#parts.limits.framesPerSecondMax} a second is the most` });
      } else if (values > FRAME_VALUES_MAX) {
        this.end({ code: 4400, detail: `more than ${FRAME_VALUES_MAX} values` });
      } else if (this.#live === null) {
        this.#greet(data);
      } else {
        this.#obey(this.#live, data);
      }
    });
  }

  drained(): void {
    this.#guard(() => this.#live?.outbox.drain());
  }

  closed(): void {
    this.#release();
  }

  /** Takes the log's newest event. */
  offer(event: AnyEvent): void {
    const live = this.#live;
    if (live === null) return;
    try {
      live.outbox.offer(event);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** All that happened has been offered for now. */
  flush(): void {
    this.#guard(() => this.#live?.outbox.flush());
  }

  /** Ends the connection and says why. */
  end(closing: Closing): void {
    if (this.#ended) return;
    this.#release();
    try {
      this.#connection.close(closing.code, closeReason(closing));
    } catch {
      this.#cut();
    }
  }

  #turnOf(connection: Connection): Turn | null {
    if (connection.later === undefined) return null;
    return {
      later: (work) => connection.later?.(work),
      work: () => {
        this.#guard(() => this.#live?.outbox.turn());
      },
    };
  }

  #greet(data: ClientMessage): void {
    const { limits, identify, log, nextId, clock } = this.#parts;
    const identifyHere = (credentials: Credentials): Caller => identify(credentials, this.remote);
    const hello = this.#use(readHello(data, limits.frameMaxBytes, identifyHere));
    if (hello === null) return;
    if (!this.#parts.seat(this, hello.caller)) {
      this.end({ code: 1013, detail: "no place is free" });
      return;
    }
    this.#seated = hello.caller;
    const seq = log.seq;
    const scope = heardBy(hello.caller, hello.subscribe);
    const recovered = this.#mayResume(hello.resume, scope);
    const base = recovered && hello.resume !== undefined ? hello.resume.seq : seq;

    this.#cancelBeat();
    this.#live = this.#begin(hello, scope, base, recovered);
    this.#cancelBeat = this.#awaitBeat();
    this.#connection.send(
      JSON.stringify({
        type: "welcome",
        protocol: PROTOCOL_VERSION,
        connection_id: nextId("connection"),
        epoch: log.epoch,
        seq,
        recovered,
        heartbeat_ms: limits.heartbeatMs,
        server_time: new Date(clock.now()).toISOString(),
        features: [DETAIL_FEATURE],
      }),
    );
    this.#live.outbox.catchUp();
    this.#keepSession(hello.caller);
  }

  #begin({ caller, subscribe }: Greeting, scope: Scope, base: number, isBehind: boolean): Live {
    const { limits, texts, log, movedSince, turns } = this.#parts;
    const turn = this.#turn;
    const outbox = new Outbox(
      {
        connection: this.#connection,
        limits,
        texts,
        filter: createFilter(caller, subscribe),
        takes: (event) => live.detail?.takes(event) === true,
        forget: (event) => live.detail?.forget(event),
        after: (seq, most) => log.after(scope, seq, most),
        askTurn: turn === null ? null : () => turns.ask(turn),
        overflow: (detail) => {
          this.end({ code: 4413, detail });
        },
      },
      base,
      isBehind,
    );
    const live: Live = { caller, outbox, detail: null, scope, work: null, owesMoves: isBehind };
    if (isBehind) outbox.remind(movedSince(scope, base));
    return live;
  }

  #detailFor(outbox: Outbox): Detail {
    const { positionOf, wallClock } = this.#parts;
    return new Detail({
      clock: wallClock,
      inPage: this.#connection.hand !== undefined,
      positionOf,
      hasRoom: () => outbox.isFree,
      send: (events) => {
        outbox.latest(events);
      },
      giveBack: (moves) => {
        outbox.remind(moves);
        outbox.flush();
      },
    });
  }

  /** A place of another epoch, one after which something was lost of what is heard, and one that the log has not reached cannot be resumed from. */
  #mayResume(resume: Greeting["resume"], scope: Scope): boolean {
    const { log } = this.#parts;
    if (resume === undefined || resume.epoch !== log.epoch) return false;
    return resume.seq <= log.seq && resume.seq >= log.floor(scope);
  }

  #obey(live: Live, data: ClientMessage): void {
    const incoming = this.#use(readClientFrame(data, this.#parts.limits.frameMaxBytes));
    if (incoming === null) return;
    switch (incoming.kind) {
      case "pong":
        return;
      case "viewer":
        live.detail ??= this.#detailFor(live.outbox);
        live.detail.look(incoming.frame);
        if (live.owesMoves && incoming.frame.position !== null) {
          live.owesMoves = false;
          live.outbox.remind(this.#parts.movedSince(live.scope, 0));
          live.outbox.flush();
        }
        return;
      case "positions": {
        const { ack, error } = runPositions(this.#parts, live.caller, incoming.frame);
        if (ack !== null) live.outbox.control(ack);
        this.#endWithSession(error);
        return;
      }
      case "command": {
        const told = ({ ack, error }: CommandOutcome): void => {
          live.outbox.control(ack);
          this.#endWithSession(error);
        };
        const outcome = runCommand(this.#parts, live.caller, incoming.command);
        if (!(outcome instanceof Promise)) return told(outcome);
        void outcome.then((late) => {
          this.#guard(() => {
            if (this.#live === live) told(late);
          });
        });
        return;
      }
      case "work": {
        live.work ??= new WorkerConnection({
          runner: this.#parts,
          desk: this.#parts.workers,
          caller: live.caller,
          send: (text) => {
            this.#guard(() => {
              live.outbox.control(text);
            });
          },
        });
        void live.work.run(incoming.command).then((error) => {
          this.#endWithSession(error);
        });
        return;
      }
    }
  }

  #endWithSession(error: EngineError | null): void {
    if (error?.code === "session_expired") this.end({ code: 4410 });
  }

  #use<T>(read: Read<T>): T | null {
    if (read.ok) return read.value;
    this.end(read.closing);
    return null;
  }

  #awaitHello(): CancelTimer {
    const { wallClock, limits } = this.#parts;
    return wallClock.setTimeout(() => {
      if (this.#connection.waitsForPage === true) this.#cancelBeat = this.#awaitHello();
      else this.end({ code: 4408, detail: `waited ${limits.helloTimeoutMs} ms` });
    }, limits.helloTimeoutMs);
  }

  #awaitBeat(): CancelTimer {
    const { wallClock, limits } = this.#parts;
    return wallClock.setTimeout(() => {
      this.#guard(() => {
        this.#beat();
      });
    }, limits.heartbeatMs);
  }

  #beat(): void {
    const { wallClock, limits } = this.#parts;
    const now = wallClock.now();
    const hasHadNoTurn = this.#connection.waitsForPage === true;
    if (!hasHadNoTurn && now - this.#heardAt > 2 * limits.heartbeatMs) {
      this.#release();
      this.#cut();
      return;
    }
    this.#cancelBeat = this.#awaitBeat();
    this.#live?.outbox.look();
    if (hasHadNoTurn && this.#pinged) return;
    this.#pinged = true;
    this.#live?.outbox.control(JSON.stringify({ type: "ping", t: now }));
  }

  /**
   * Keeps the session of a connection alive for as long as the connection is: whoever listens is there, though it makes no calls, and
   * where the domain's time is sped up no heartbeat of a client can be quick enough.
   */
  #keepSession(caller: Caller): void {
    const { clock, confirm, session } = this.#parts;
    if (caller.kind !== "session") return;
    let expiresAt: number;
    try {
      confirm(caller);
      expiresAt = Date.parse(session(caller.session_id).expires_at);
    } catch (error) {
      this.end({ code: closeCodeOf(error) });
      return;
    }
    this.#cancelExpiry = clock.setTimeout(
      () => {
        this.#keepSession(caller);
      },
      Math.max(1, (expiresAt - clock.now()) / 2),
    );
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A socket that throws is of no use, and what it threw is told once. */
  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#release();
    this.#cut();
    this.#parts.report(error);
  }

  #cut(): void {
    try {
      this.#connection.terminate();
    } catch {
      // It is out of the hub already, and there is nothing gentler or harder left to do to it.
    }
  }

  #release(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelBeat();
    this.#cancelExpiry();
    if (this.#turn !== null) this.#parts.turns.leave(this.#turn);
    this.#live?.outbox.close();
    this.#live?.detail?.close();
    this.#live?.work?.close();
    this.#live = null;
    this.#parts.onEnd(this, this.#seated);
  }
}
