import { EventEmitter } from "eventemitter3";
import { AgentVMError, ConfigError } from "../errors/index.js";
import type { StreamEventMap, StreamEventName } from "./stream-events.js";

/** Listeners of one stream at the most: more than that is a leak, and says so. */
export const LISTENERS_MAX = 10_000;

/** What is told, with the name it is told under. */
export interface Emission {
  readonly name: StreamEventName;
  readonly payload: StreamEventMap[StreamEventName];
}

/** Called for each event of its name. */
export type Listener<N extends StreamEventName> = (event: StreamEventMap[N]) => void;

/** How to listen. */
export interface ListenOptions {
  /** Ends the listening when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A listener as the emitter holds it: it never throws, and knows how to end. */
interface Guarded {
  (emission: Emission): void;
  readonly listener: unknown;
  readonly undo: () => void;
}

function isGuarded(held: (emission: Emission) => void): held is Guarded {
  return "undo" in held;
}

function isFor<N extends StreamEventName>(
  emission: Emission,
  name: N,
): emission is Emission & { readonly payload: StreamEventMap[N] } {
  return emission.name === name;
}

/** The listeners of a stream. One that throws hurts itself alone; one that ends while it is called is not called again. */
export class Listeners {
  readonly #emitter = new EventEmitter<Record<string, [Emission]>>();
  readonly #report: (error: AgentVMError, from: StreamEventName) => void;
  #count = 0;

  constructor(report: (error: AgentVMError, from: StreamEventName) => void) {
    this.#report = report;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  add<N extends StreamEventName>(
    name: N,
    listener: Listener<N>,
    once: boolean,
    { signal }: ListenOptions = {},
  ): () => void {
    if (signal?.aborted === true) return () => undefined;
    if (this.#count >= LISTENERS_MAX) {
      throw new ConfigError(`There are ${LISTENERS_MAX} listeners on this stream already.`, {
        code: "too_many_listeners",
        outcome: "not_sent",
        remediation: "Call what `on` returns, or abort its signal, when a listener is not needed any more.",
      });
    }
    let active = true;
    const undo = () => {
      if (!active) return;
      active = false;
      this.#count -= 1;
      this.#emitter.off(name, guarded);
      signal?.removeEventListener("abort", undo);
    };
    const call = (emission: Emission) => {
      if (!active || !isFor(emission, name)) return;
      if (once) undo();
      try {
        listener(emission.payload);
      } catch (thrown) {
        this.#report(listenerFailed(name, thrown), name);
      }
    };
    const guarded: Guarded = Object.assign(call, { listener, undo });
    this.#count += 1;
    this.#emitter.on(name, guarded);
    signal?.addEventListener("abort", undo, { once: true });
    return undo;
  }

  remove(name: StreamEventName, listener: unknown): void {
    for (const held of this.#emitter.listeners(name)) {
      if (isGuarded(held) && held.listener === listener) held.undo();
    }
  }

  emit(emission: Emission): void {
    this.#emitter.emit(emission.name, emission);
  }

  /** Ends every listener. */
  clear(): void {
    for (const name of this.#emitter.eventNames()) {
      for (const held of this.#emitter.listeners(name)) if (isGuarded(held)) held.undo();
    }
  }
}

function listenerFailed(name: StreamEventName, thrown: unknown): AgentVMError {
  return new AgentVMError(
    `A listener of '${name}' threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    {
      code: "listener_failed",
      outcome: "unknown",
      remediation: "Catch inside the listener; the other listeners and the stream went on.",
      detail: thrown instanceof Error ? (thrown.stack ?? null) : null,
    },
  );
}
