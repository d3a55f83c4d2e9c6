import { isObject } from "../../../src/contract/is-object.js";
import { createMatcher } from "../../calls/matcher.js";
import { splitTarget } from "../../calls/target.js";
import { errorOfFault, statusOfFault } from "./broken-answer.js";
import type { CallFault } from "./fault.js";
import type { FaultList, Strike } from "./fault-list.js";
import type { Rule } from "./rule.js";

/** What faults do to the requests in a batch. */
export interface BatchPlan {
  /** Milliseconds for all of it, since its answers come together, and what holds it up. */
  readonly delay: number;
  readonly delayedBy: readonly Rule[];
  /** What breaks the answer as a whole: one connection carries all of it. */
  readonly whole: Rule<CallFault> | null;
  /** The batch without the requests that are refused, as JSON; null where none is left. */
  readonly body: string | null;
  /** The whole answer, from the one to what was left. */
  answer(text: string | null, requestId: string): string;
}

let match: ReturnType<typeof createMatcher> | null = null;

/** Looks for faults that fit requests in a batch; null where none strikes, or the batch is none. */
export function planBatch(text: string, faults: FaultList): BatchPlan | null {
  const requests = requestsOf(text);
  const strikes = requests.map((request) => strikeOf(request, faults));
  if (strikes.every((strike) => strike === null)) return null;
  const struck = strikes.flatMap((strike) => strike ?? []);
  const rules = strikes.map((strike) => strike?.rule ?? null);
  const refused = rules.map((rule) => rule !== null && rule.fault.answer === undefined);
  const left = requests.filter((_, place) => refused[place] !== true || rules[place]?.fault.after === true);
  return {
    delay: Math.max(...struck.map(({ delay }) => delay)),
    delayedBy: struck.flatMap(({ delayedBy }) => delayedBy),
    whole: rules.find((rule) => rule?.fault.answer !== undefined) ?? null,
    body: left.length === 0 ? null : JSON.stringify({ requests: left }),
    answer(given, requestId) {
      const known = new Map(responsesOf(given).map((response) => [response["id"], response]));
      const responses = requests.map((request, place) => {
        const rule = refused[place] === true ? rules[place] : null;
        if (rule === null || rule === undefined) return known.get(request["id"]);
        const body = errorOfFault(rule.id, rule.fault, requestId);
        return { id: request["id"], status: statusOfFault(rule.fault), body };
      });
      return JSON.stringify({ success: true, responses });
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function requestsOf(text: string): readonly Fields[] {
  return listIn(text, "requests");
}

function responsesOf(text: string | null): readonly Fields[] {
  return text === null ? [] : listIn(text, "responses");
}

/** The objects of a list in a JSON text; none where it is anything else. */
function listIn(text: string, name: string): readonly Fields[] {
  try {
    const value: unknown = JSON.parse(text);
    const found: unknown = isObject(value) ? value[name] : [];
    const items: readonly unknown[] = Array.isArray(found) ? found : [];
    return items.every(isObject) ? items : [];
  } catch {
    return [];
  }
}

function strikeOf({ method, path }: Fields, faults: FaultList): Strike<CallFault> | null {
  if (typeof method !== "string" || typeof path !== "string") return null;
  match ??= createMatcher();
  const { path: plain } = splitTarget(path);
  const found = match(method, plain);
  return found.kind === "route" ? faults.onCall({ route: found.name, path: () => plain }) : null;
}
