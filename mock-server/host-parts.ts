import { createEngine, readSnapshot } from "./domain/index.js";
import { analyticsOperations } from "./calls/handlers/analytics.js";
import { createDesk } from "./calls/desk.js";
import type { Documents } from "./calls/answer.js";
import type { SeldomCode } from "./calls/seldom-calls.js";
import type { Hub, HubParts } from "./stream/hub.js";
import type { SlotParts } from "./work/work-slot.js";

/** What every backend has, but one that was built small for a host of its own. */
export interface CoreParts {
  readonly createEngine: typeof createEngine;
  readonly readSnapshot: typeof readSnapshot;
  /** What answers calls: the desk, or one with something before it. */
  readonly createDesk: typeof createDesk;
  /** The calls about what clients have measured. */
  readonly analyticsOperations: typeof analyticsOperations;
}

/** What a host hands a backend, beside what its user asked for. */
export interface HostParts<H extends Hub> extends CoreParts {
  /** Comes by the event stream: whole, or one whose code is loaded when the first connection needs it. */
  readonly createHub: (parts: HubParts) => H;
  /** Gets the code of the calls that are seldom made. */
  readonly seldom: () => Promise<SeldomCode>;
  /** Gets the code of scripts and functions. */
  readonly work: SlotParts["load"];
  /** What people read at an address. */
  readonly documents: Documents;
}

/** All that a backend can have. */
export const coreParts: CoreParts = { createEngine, readSnapshot, createDesk, analyticsOperations };
