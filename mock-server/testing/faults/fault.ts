import type { ErrorCode, RouteName } from "../../../src/contract/index.js";

/** How often a fault strikes. */
export interface Counted {
  /** How often it strikes; after that it is used up. Default: as long as it is there. */
  readonly times?: number | undefined;
  /** How many that it fits it lets pass first. Default 0. */
  readonly skip?: number | undefined;
  /** How likely it strikes each that it fits, more than 0 and at most 1, by chance of the backend's seed. Default 1. */
  readonly chance?: number | undefined;
}

/** What comes in the place of an answer. */
export type BrokenAnswer = "timeout" | "reset_peer" | "limit_data" | "html" | "empty";

/** What goes wrong with calls. Of `status`, `code` and `answer` it has one, or none and `latency`. */
export interface CallFault extends Counted {
  /** The calls that it fits, by their names in the contract: `"taskAssign"`. Default: all. */
  readonly route?: RouteName | readonly RouteName[] | undefined;
  /** The same by path: `"/tasks/*"`, where a star stands for anything. */
  readonly path?: string | undefined;
  /** An HTTP status from 400 to 599 in the place of a success, with an error body as the server's own. */
  readonly status?: number | undefined;
  /** An error of the contract, with its status: `"storage_full"`. */
  readonly code?: ErrorCode | undefined;
  /** Seconds that the answer tells in `Retry-After`. Default: it has no such header. */
  readonly retryAfter?: number | undefined;
  /**
   * `"timeout"`: no answer, until the caller gives up or the fault is removed; `"reset_peer"`: the connection is reset; `"limit_data"`: the
   * answer is cut midway; `"html"`: a page in the place of JSON; `"empty"`: nothing in its body.
   */
  readonly answer?: BrokenAnswer | undefined;
  /** For `"limit_data"`: characters of the answer that come through. Default: half of them. */
  readonly bytes?: number | undefined;
  /** Milliseconds of the backend's clock before anything of this happens, or before the call goes on where nothing else is asked for. */
  readonly latency?: number | undefined;
  /** Milliseconds by which `latency` is longer at the most, by chance of the backend's seed. Default 0. */
  readonly jitter?: number | undefined;
  /** Whether the work is done first, and its answer lost: what idempotency keys are for. `"limit_data"` always does it. Default false. */
  readonly after?: boolean | undefined;
}

/** What happens to the event stream. */
export type StreamFaultKind = "cut" | "half_open" | "latency" | "duplicate" | "garbage" | "close";

/** What goes wrong with the event stream. */
export interface StreamFault extends Counted {
  /**
   * `"cut"`: the connection breaks; `"half_open"`: nothing arrives any more, either way, and nobody is told; `"latency"`: what is sent comes
   * later, in its order; `"duplicate"`: an event comes twice; `"garbage"`: it comes as what nobody can read; `"close"`: the server closes
   * with `closeCode`.
   */
  readonly stream: StreamFaultKind;
  /**
   * The events that it fits: `"task.progress"`, `"task.*"`. Left out, a cut, a close, garbage and a half-open connection strike
   * connections: those that are open at once, and later ones with the first thing that they are sent; latency is that of all
   * that is sent, and every event is sent twice.
   */
  readonly event?: string | undefined;
  /** For `"latency"`: milliseconds of the backend's clock. */
  readonly latency?: number | undefined;
  /** Milliseconds by which that is longer at the most, by chance. Default 0. */
  readonly jitter?: number | undefined;
  /** For `"close"`: the code, like 1013 or 4410. Default 1012. */
  readonly closeCode?: number | undefined;
}

/** Something that goes wrong because it was asked for. */
export type Fault = CallFault | StreamFault;

/** A fault that a backend was told of. */
export interface ListedFault {
  /** Its name here: `fault_1`. */
  readonly id: string;
  readonly fault: Fault;
  /** How often it struck. */
  readonly used: number;
  /** How often it still will; null where that is not bounded. */
  readonly left: number | null;
}

/** Takes the fault away that it stands for, and tells of it. Works with `using`. */
export interface FaultHandle extends Disposable {
  /** Takes it away; what it holds up goes on, and a connection that it left half open is cut. The second time it does nothing. */
  (): void;
  readonly id: string;
  readonly fault: Fault;
  /** How often it struck. */
  readonly used: number;
}

/** The faults of a backend: what goes wrong on purpose, for calls and the event stream, on whatever host it stands. */
export interface Faults {
  /**
   * Lets something go wrong from now on. Of those that fit a call or a frame the first that is not used up strikes; latencies are added to it.
   *
   * @example
   * backend.faults.add({ route: "taskAssign", status: 503, times: 2 });
   * backend.faults.add({ stream: "cut", event: "task.progress", times: 1 });
   *
   * @throws TypeError that names the field that is wrong; RangeError where there are 100 already.
   */
  add(fault: Fault): FaultHandle;
  /** All that are there, those that are used up among them, in the order in which they were added. */
  list(): readonly ListedFault[];
  /** Those that never struck: a test that ends with one may have named what never came. */
  unused(): readonly ListedFault[];
  /** Takes one away by its id; false where there is none. */
  remove(id: string): boolean;
  /** Takes all away. */
  clear(): void;
}

/** Whether a fault is one of the event stream. */
export function isStreamFault(fault: Fault): fault is StreamFault {
  return "stream" in fault;
}
