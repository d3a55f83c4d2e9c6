import type { Answer } from "../../calls/answer.js";
import { ConnectionReset } from "../../calls/connection-reset.js";
import type { Desk, DeskCall, DeskParts } from "../../calls/desk.js";
import { pathOf } from "../path-of.js";
import { answerOfFault, cutAnswer, dropAnswer } from "./broken-answer.js";
import type { CallFault } from "./fault.js";
import { planBatch } from "./faulty-batch.js";
import type { FaultList, Strike } from "./fault-list.js";
import type { Rule } from "./rule.js";
import { heldUp } from "./wait.js";

/** What is told of calls that a fault struck. */
export interface StruckCalls {
  /** An answer that the desk gave and its caller did not get as it was. */
  broke(requestId: string, faultId: string): void;
}

/**
 * Stands before a desk, and lets calls fail that a fault fits. While there is none it costs a look.
 *
 * @param isOver Whether the run of the backend that the desk belongs to is over: what was held up until then reaches nobody any more.
 */
export function faultyDesk(
  desk: Desk,
  faults: FaultList,
  parts: Pick<DeskParts, "access" | "watch" | "requestId" | "stopwatch">,
  struck: StruckCalls,
  isOver: () => boolean,
): Desk {
  const tell = (
    call: DeskCall,
    requestId: string,
    started: number,
    status: number,
    faultId: string,
  ): void => {
    const found = "route" in call.found ? call.found : null;
    if (parts.watch.size > 0) {
      parts.watch.tell(
        {
          via: "request",
          route: found?.name ?? null,
          params: found?.params ?? {},
          status,
          ms: Math.max(0, parts.stopwatch() - started),
          request_id: requestId,
          caller: callerOf(call, parts.access),
          error: null,
        },
        { request: null, answer: null },
      );
    }
    struck.broke(requestId, faultId);
  };

  const waitFor = async (call: DeskCall, ms: number, rules: readonly Rule[]): Promise<void> => {
    await heldUp(ms, rules, faults.clock, call.signal);
    if (faults.isClosed || isOver()) throw reset();
  };

  const fail = async (call: DeskCall, { rule, delay, delayedBy }: Strike<CallFault>): Promise<Answer> => {
    const started = parts.stopwatch();
    const wait = (ms: number, rules: readonly Rule[]): Promise<void> => waitFor(call, ms, rules);
    if (delay > 0) await wait(delay, delayedBy);
    if (rule === null) return await desk.answer(call);
    const { id, fault } = rule;
    const requestId = call.requestId ?? parts.requestId();
    if (fault.after === true || fault.answer === "limit_data") {
      const answer = await desk.answer(new NamedCall(call, requestId, undefined));
      struck.broke(requestId, id);
      if (fault.answer === "limit_data") return cutAnswer(answer, fault.bytes);
      return await afterwards(call, rule, requestId, answer);
    }
    switch (fault.answer) {
      case "timeout":
        try {
          await wait(Infinity, [rule]);
        } catch (error) {
          tell(call, requestId, started, 0, id);
          throw error;
        }
        return await desk.answer(call);
      case "reset_peer":
        tell(call, requestId, started, 0, id);
        throw reset();
      case undefined:
      case "html":
      case "empty": {
        const answer = answerOfFault(id, fault, requestId);
        tell(call, requestId, started, answer.status, id);
        return answer;
      }
    }
  };

  /** What its caller gets when the work is done. */
  const afterwards = async (
    call: DeskCall,
    rule: Rule<CallFault>,
    requestId: string,
    answer: Answer,
  ): Promise<Answer> => {
    const { id, fault } = rule;
    if (fault.answer === "timeout") {
      // What is lost is not found again: when the fault is gone the call fails, and can be made again.
      dropAnswer(answer);
      await heldUp(Infinity, [rule], faults.clock, call.signal);
      throw reset();
    }
    dropAnswer(answer);
    if (fault.answer === "reset_peer") throw reset();
    return answerOfFault(id, fault, requestId);
  };

  /** Calls of one tick share a request: each of them can be struck. */
  const batch = async (call: DeskCall): Promise<Answer> => {
    const text = await call.body();
    const requestId = call.requestId ?? parts.requestId();
    const plan = text === null ? null : planBatch(text, faults);
    if (plan === null) return await desk.answer(new NamedCall(call, requestId, text));
    const { delay, delayedBy, whole } = plan;
    if (whole !== null)
      return await fail(new NamedCall(call, requestId, text), { rule: whole, delay, delayedBy });
    if (delay > 0) await waitFor(call, delay, delayedBy);
    const answer =
      plan.body === null
        ? answerOfFault("", {}, requestId)
        : await desk.answer(new NamedCall(call, requestId, plan.body));
    if (answer.status !== 200) return answer;
    const said = plan.body !== null && typeof answer.body === "string" ? answer.body : null;
    return { ...answer, body: plan.answer(said, requestId) };
  };

  return {
    answer(call) {
      if (!faults.hasCalls) return desk.answer(call);
      const { found } = call;
      const isRoute = "route" in found;
      const strike = faults.onCall({
        route: isRoute ? found.name : null,
        path: () => (isRoute ? pathOf(found.route, found.params) : ""),
      });
      if (strike !== null) return fail(call, strike);
      return isRoute && found.name === "batch" ? batch(call) : desk.answer(call);
    },
  };
}

function reset(): ConnectionReset {
  return new ConnectionReset("the connection was reset.");
}

function callerOf(call: DeskCall, access: DeskParts["access"]): string {
  try {
    return access.identify(call.credentials()).id;
  } catch {
    return "anonymous";
  }
}

/** A call whose request has an id that is known beforehand, and maybe a body that was read already. */
class NamedCall implements DeskCall {
  readonly requestId: string;
  readonly #call: DeskCall;
  readonly #body: string | null | undefined;

  constructor(call: DeskCall, requestId: string, body: string | null | undefined) {
    this.#call = call;
    this.#body = body;
    this.requestId = requestId;
  }

  get found(): DeskCall["found"] {
    return this.#call.found;
  }
  get origin(): string {
    return this.#call.origin;
  }
  get idempotencyKey(): string | undefined {
    return this.#call.idempotencyKey;
  }
  get signal(): AbortSignal | undefined {
    return this.#call.signal;
  }
  get headersOnly(): boolean {
    return this.#call.headersOnly;
  }
  remote(): string | undefined {
    return this.#call.remote();
  }
  credentials(): ReturnType<DeskCall["credentials"]> {
    return this.#call.credentials();
  }
  turn(owner: string | null): void | Promise<void> {
    return this.#call.turn?.(owner);
  }
  took(ms: number): void {
    this.#call.took?.(ms);
  }
  query(): ReturnType<DeskCall["query"]> {
    return this.#call.query();
  }
  body(): ReturnType<DeskCall["body"]> {
    return this.#body === undefined ? this.#call.body() : this.#body;
  }
}
