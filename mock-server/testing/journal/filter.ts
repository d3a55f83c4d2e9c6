import { ROUTE_NAMES } from "../../../src/contract/routes.js";
import type { AnsweredCall } from "../../calls/index.js";
import type { JournalFilter } from "./journal.js";

/** The fields of a filter, and what each must be. */
const FIELDS: Readonly<
  Record<keyof JournalFilter, readonly [what: string, fits: (value: unknown) => boolean]>
> = {
  route: ["the name of a call of the contract, or a list of such", isRoutes],
  status: ["a whole number", Number.isSafeInteger],
  via: ['"request" or "stream"', (value) => value === "request" || value === "stream"],
  caller: ["a text", isText],
  params: [
    "an object of texts",
    (value) => typeof value === "object" && value !== null && Object.values(value).every(isText),
  ],
  fault: ["the id of a fault", isText],
  after: ["a whole number", Number.isSafeInteger],
  where: ["a function", (value) => typeof value === "function"],
};

/** @throws TypeError that names the field of a filter that is wrong. */
export function checkFilter(filter: unknown): asserts filter is JournalFilter {
  if (typeof filter !== "object" || filter === null) {
    throw new TypeError('A filter is an object like { route: "taskAssign" }.');
  }
  const known = new Map(Object.entries(FIELDS));
  for (const [name, value] of Object.entries(filter)) {
    const [what, fits] = known.get(name) ?? [];
    if (what === undefined || fits === undefined) {
      throw new TypeError(`A filter has no field '${name}'. The fields are ${[...known.keys()].join(", ")}.`);
    }
    if (value !== undefined && !fits(value)) throw new TypeError(`The filter's '${name}' must be ${what}.`);
  }
}

/** Whether a filter means a call, as far as that can be said without reading what it said. */
export function fitsCall(
  { route, status, via, caller, params, fault, after }: Omit<JournalFilter, "where">,
  number: number,
  call: AnsweredCall,
  brokenBy: string | null,
): boolean {
  if (route !== undefined && ![route].flat().some((name) => name === call.route)) return false;
  if (status !== undefined && status !== call.status) return false;
  if (via !== undefined && via !== call.via) return false;
  if (caller !== undefined && caller !== call.caller) return false;
  if (fault !== undefined && fault !== brokenBy) return false;
  if (after !== undefined && number <= after) return false;
  return Object.entries(params ?? {}).every(([name, value]) => call.params[name] === value);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isRoutes(value: unknown): boolean {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  return names.length > 0 && names.every((name) => ROUTE_NAMES.some((one) => one === name));
}
