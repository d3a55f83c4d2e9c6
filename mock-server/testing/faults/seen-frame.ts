import { routeOfCommand, routeOfWork } from "../../../src/contract/command-routes.js";
import { isObject } from "../../../src/contract/is-object.js";
import { routes } from "../../../src/contract/routes.js";
import type { ClientMessage } from "../../stream/index.js";
import { pathOf } from "../path-of.js";
import type { SeenCall } from "./rule.js";

const routeOf = { ...routeOfCommand, ...routeOfWork };

/** A call that came as a frame, and the id that its ack would have; null where it asked for none. */
export interface FrameCall extends SeenCall {
  readonly id: string | null;
}

/** The fields of a frame's text; none of what is no object. */
export function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The types of the events in a frame of the server's; none where it is another frame. */
export function eventTypesOf(frame: Readonly<Record<string, unknown>>): readonly string[] {
  const { type, events } = frame;
  if (typeof type !== "string") return [];
  if (type === "latest" && Array.isArray(events)) {
    const all: readonly unknown[] = events;
    return all.map((event) => (isObject(event) ? String(event["type"]) : ""));
  }
  return type.includes(".") ? [type] : [];
}

/** The call that a client's message makes; null where it makes none. */
export function callOfMessage(message: ClientMessage): FrameCall | null {
  const frame = typeof message === "string" ? fieldsOf(message) : { type: "positions", ...message };
  const id = typeof frame["id"] === "string" ? frame["id"] : null;
  if (frame["type"] === "positions") {
    return { id, route: "agentMoveMany", path: () => routes.agentMoveMany.path };
  }
  const { method, params } = frame;
  if (frame["type"] !== "command" || !isCommand(method)) return null;
  const route = routeOf[method];
  return { id, route, path: () => pathOf(routes[route], isObject(params) ? { ...params } : {}) };
}

function isCommand(method: unknown): method is keyof typeof routeOf {
  return typeof method === "string" && Object.hasOwn(routeOf, method);
}
