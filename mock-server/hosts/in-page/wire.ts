import type { Hub } from "../../stream/index.js";
import { Macrotasks } from "./macrotasks.js";
import { PageLink } from "./page-link.js";
import type { PageEnd } from "./page-link.js";

/** What would be the network between the sockets of a page and a hub. */
export interface Wire {
  /** The turns in which both sides are told. */
  readonly tasks: Macrotasks;
  /** Joins a page's end to the hub; null once that is closed. */
  readonly link: (page: PageEnd) => PageLink | null;
}

/** Lays the wire to a hub. */
export function createWire(hub: Pick<Hub, "accept" | "closed">): Wire {
  const tasks = new Macrotasks();
  return { tasks, link: (page) => (hub.closed ? null : new PageLink(hub, page, tasks)) };
}
