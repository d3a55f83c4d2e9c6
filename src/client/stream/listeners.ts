import { onAbort } from "../../contract/on-abort.js";
import { AgentVMError } from "../../errors/agentvm-error.js";
import { ConfigError } from "../../errors/config-error.js";
import type { StreamEventMap, StreamEventName } from "./stream-events.js";

/** Listeners of one thing at the most: more than that is a leak, and says so. */
export const LISTENERS_MAX = 10_000;

/** Called for each event of its name. */
export type Listener<N extends StreamEventName> = (event: StreamEventMap[N]) => void;

/** How to listen. */
export interface ListenOptions {
  /** Ends the listening when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What is told, with the name it is told under. */
interface Emission<M> {
  readonly name: string;
  readonly payload: M[keyof M];
}

/** One listening. */
interface Entry<M> {
  readonly listener: unknown;
  readonly call: (emission: Emission<M>) => void;
  readonly undo: () => void;
}

function isFor<M, N extends keyof M>(
  emission: Emission<M>,
  name: N,
): emission is Emission<M> & { readonly payload: M[N] } {
  return emission.name === name;
}

/**
 * Those who listen to events, by their names. One that throws hurts itself alone; one that ends while an event is told is not called
 * any more, and one that begins is called from the next event on.
 */
export class Listeners<M extends object = StreamEventMap> {
  readonly #entries = new Map<string, Set<Entry<M>>>();
  readonly #report: (error: AgentVMError, from: keyof M) => void;
  #count = 0;

  constructor(report: (error: AgentVMError, from: keyof M) => void) {
    this.#report = report;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Whether an event of that name would be told to anybody. */
  has(name: keyof M & string): boolean {
    return this.#sizeOf(name) + this.#sizeOf("*") > 0;
  }

  add<N extends keyof M & string>(
    name: N,
    listener: (event: M[N]) => void,
    once: boolean,
    { signal }: ListenOptions = {},
  ): () => void {
    if (this.#count >= LISTENERS_MAX) {
      throw new ConfigError(`There are ${LISTENERS_MAX} listeners already.`, {
        code: "too_many_listeners",
        outcome: "not_sent",
        remediation: "Call what `on` returns when a listener is not needed any more.",
      });
    }
    const entries = this.#entries.get(name) ?? new Set();
    this.#entries.set(name, entries);
    const undo = () => {
      if (entries.delete(entry)) this.#count -= 1;
      forgetSignal();
    };
    const call = (emission: Emission<M>) => {
      if (!entries.has(entry) || !isFor(emission, name)) return;
      if (once) undo();
      try {
        listener(emission.payload);
      } catch (thrown) {
        this.#report(listenerFailed(name, thrown), name);
      }
    };
    const entry: Entry<M> = { listener, call, undo };
    if (signal?.aborted === true) return () => undefined;
    entries.add(entry);
    this.#count += 1;
    const forgetSignal = onAbort(signal, undo);
    return undo;
  }

  remove(name: keyof M & string, listener: unknown): void {
    for (const entry of this.#entries.get(name) ?? []) if (entry.listener === listener) entry.undo();
  }

  emit(name: string, payload: M[keyof M]): void {
    const entries = this.#entries.get(name);
    if (entries?.size) for (const { call } of [...entries]) call({ name, payload });
  }

  #sizeOf(name: string): number {
    return this.#entries.get(name)?.size ?? 0;
  }

  /** Ends every listening. */
  clear(): void {
    for (const entries of this.#entries.values()) for (const { undo } of entries) undo();
  }
}

/** The error for a listener that threw. */
export function listenerFailed(name: string, thrown: unknown): AgentVMError {
  const isError = thrown instanceof Error;
  return new AgentVMError(`A listener of '${name}' threw: ${isError ? thrown.message : String(thrown)}`, {
    code: "listener_failed",
    outcome: "unknown",
    remediation: "Catch inside the listener; the others went on.",
    detail: isError ? (thrown.stack ?? null) : null,
  });
}
