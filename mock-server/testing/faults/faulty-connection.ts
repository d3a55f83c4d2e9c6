import type { CancelTimer } from "../../../src/contract/index.js";
import type { ClientMessage, Connection, ConnectionEvents } from "../../stream/index.js";
import { errorOfFault } from "./broken-answer.js";
import type { CallFault, StreamFault } from "./fault.js";
import type { FaultList } from "./fault-list.js";
import { Late } from "./late.js";
import type { Rule } from "./rule.js";
import { callOfMessage, eventTypesOf, fieldsOf } from "./seen-frame.js";

/** What nobody can read: a frame that was torn. */
const GARBAGE = '{"type":"task.prog\u0000';

/** Acks that are waited for at the most; past it the oldest are let through. */
const ACKS_MAX = 1_000;

/**
 * Stands between a hub and a connection, and lets the stream go wrong where a fault fits. While there is none it hands everything on as it is.
 */
export class FaultyConnection implements Connection, ConnectionEvents {
  readonly remote: string;
  readonly hand?: NonNullable<Connection["hand"]>;
  readonly later?: NonNullable<Connection["later"]>;
  readonly #inner: Connection;
  readonly #faults: FaultList;
  readonly #toClient: Late;
  readonly #toHub: Late;
  readonly #onEnd: (connection: FaultyConnection) => void;
  #hub: ConnectionEvents | null = null;
  /** Whether nothing arrives any more on either side. */
  #isHalfOpen = false;
  #over = false;
  #forgetRule: CancelTimer = () => undefined;
  /** Commands whose work was let through, and what comes in the place of their acks; null while there are none. */
  #acks: Map<string, Rule<CallFault>> | null = null;

  constructor(inner: Connection, faults: FaultList, onEnd: (connection: FaultyConnection) => void) {
    this.#inner = inner;
    this.#faults = faults;
    this.#onEnd = onEnd;
    this.#toClient = new Late(faults, () => this.#hub?.drained());
    this.#toHub = new Late(faults, () => undefined);
    this.remote = inner.remote ?? "";
    if (inner.hand !== undefined) {
      // While anything may go wrong events go as text, so that there is one way on which it does.
      this.hand = (events, prev) =>
        this.#isUntouched ? inner.hand?.(events, prev) === true : this.#isHalfOpen || this.#over;
    }
    if (inner.later !== undefined) this.later = (work) => inner.later?.(work);
  }

  /** Joins it to the hub that took it. */
  join(hub: ConnectionEvents): ConnectionEvents {
    this.#hub = hub;
    return this;
  }

  get bufferedBytes(): number {
    return this.#isHalfOpen ? 0 : this.#inner.bufferedBytes + this.#toClient.size;
  }

  get owner(): string | null {
    return this.#hub?.owner ?? null;
  }

  get waitsForPage(): boolean {
    return this.#inner.waitsForPage === true;
  }

  send(text: string): void {
    if (this.#isHalfOpen || this.#over) return;
    if (this.#isUntouched) this.#inner.send(text);
    else this.#consider(text);
  }

  close(code: number, reason: string): void {
    if (this.#isHalfOpen || this.#over) return;
    this.#toClient.push(0, [], 0, () => {
      this.#over = true;
      this.#inner.close(code, reason);
    });
  }

  terminate(): void {
    // Who is cut off hears nothing of that either.
    if (!this.#isHalfOpen) this.#cut();
  }

  message(data: ClientMessage): void {
    if (this.#isHalfOpen || this.#over) return;
    if (!this.#faults.hasCalls && this.#toHub.isEmpty) this.#hub?.message(data);
    else this.#obey(data);
  }

  closed(): void {
    this.#over = true;
    this.#toClient.clear();
    this.#toHub.clear();
    this.#acks = null;
    this.#forgetRule();
    this.#onEnd(this);
    this.#hub?.closed();
  }

  drained(): void {
    this.#hub?.drained();
  }

  /** Lets a fault strike that fits the connection itself. */
  strike(rule: Rule<StreamFault>): void {
    if (this.#isHalfOpen || this.#over) return;
    switch (rule.fault.stream) {
      case "cut":
        this.#cut();
        return;
      case "close":
        this.#over = true;
        this.#inner.close(rule.fault.closeCode ?? 1012, `a fault of this backend's: ${rule.id}`);
        return;
      case "garbage":
        this.#toClient.push(0, [], GARBAGE.length, () => this.#inner.send(GARBAGE));
        return;
      case "half_open":
        this.#isHalfOpen = true;
        this.#toClient.clear();
        this.#toHub.clear();
        this.#forgetRule = rule.hold(() => this.#cut());
        return;
      case "latency":
      case "duplicate":
        return;
    }
  }

  get #isUntouched(): boolean {
    return (
      !this.#faults.hasFrames &&
      this.#acks === null &&
      this.#toClient.isEmpty &&
      !this.#isHalfOpen &&
      !this.#over
    );
  }

  #consider(text: string): void {
    const frame = fieldsOf(text);
    const id = frame["type"] === "ack" && typeof frame["id"] === "string" ? frame["id"] : null;
    const lost = id === null ? undefined : this.#acks?.get(id);
    if (id !== null && lost !== undefined) {
      this.#acks?.delete(id);
      if (this.#acks?.size === 0) this.#acks = null;
      this.#answer(id, lost);
      return;
    }
    const strike = this.#faults.onFrame(eventTypesOf(frame));
    const { rule, delay, delayedBy } = strike ?? { rule: null, delay: 0, delayedBy: [] };
    const send = (): void => {
      this.#toClient.push(delay, delayedBy, text.length, () => this.#inner.send(text));
    };
    if (rule === null) send();
    else if (rule.fault.stream === "duplicate") {
      send();
      send();
    } else this.strike(rule);
  }

  /** Takes what a client says, which may be a call that a fault fits. */
  #obey(data: ClientMessage): void {
    const call = callOfMessage(data);
    const strike = call === null ? null : this.#faults.onCall(call);
    const size = typeof data === "string" ? data.length : data.updates.length;
    const { rule, delay, delayedBy } = strike ?? { rule: null, delay: 0, delayedBy: [] };
    const isTaken = this.#toHub.push(delay, delayedBy, size, () => {
      const id = call?.id ?? null;
      const isAfter = rule?.fault.after === true || rule?.fault.answer === "limit_data";
      if (rule === null) this.#hub?.message(data);
      else if (!isAfter) this.#answer(id, rule);
      else {
        if (id !== null) this.#expectAck(id, rule);
        this.#hub?.message(data);
      }
    });
    if (!isTaken) this.#cut();
  }

  #expectAck(id: string, rule: Rule<CallFault>): void {
    const acks = (this.#acks ??= new Map());
    const [oldest] = acks.keys();
    if (acks.size >= ACKS_MAX && oldest !== undefined) acks.delete(oldest);
    acks.set(id, rule);
  }

  /** What a command is answered by a fault: as much as there can be of it on a stream. */
  #answer(id: string | null, { id: faultId, fault }: Rule<CallFault>): void {
    switch (fault.answer) {
      case "timeout":
        return;
      case "reset_peer":
      case "limit_data":
        this.#cut();
        return;
      case "html":
      case "empty":
        this.#toClient.push(0, [], GARBAGE.length, () => this.#inner.send(GARBAGE));
        return;
      case undefined: {
        if (id === null) return;
        const error =
          errorOfFault(faultId, fault, faultId) ?? errorOfFault(faultId, { code: "unavailable" }, faultId);
        const ack = JSON.stringify({ type: "ack", id, ok: false, error });
        this.#toClient.push(0, [], ack.length, () => this.#inner.send(ack));
      }
    }
  }

  #cut(): void {
    this.#over = true;
    this.#isHalfOpen = false;
    this.#toClient.clear();
    this.#toHub.clear();
    this.#inner.terminate();
  }
}
