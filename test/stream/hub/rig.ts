import { createBackend, type Backend } from "../../../mock-server/backend.js";
import type { BackendOptions } from "../../../mock-server/backend-options.js";
import { createBackendClock, type BackendClock } from "../../../mock-server/domain/index.js";
import { createHub, type Hub, type HubLimits } from "../../../mock-server/stream/index.js";
import { CountingClock } from "./counting-clock.js";
import { ScriptedConnection } from "./scripted-connection.js";

export const KEY = "test-key";

/** A hub over a whole backend, on two clocks that only move when told: the domain's and the connections'. */
export interface Rig {
  readonly backend: Backend;
  readonly hub: Hub;
  readonly wall: BackendClock;
  readonly errors: unknown[];
  /** Timers that the hub has on either clock. */
  timers(): number;
  /** A connection that has not said hello. */
  open(remote?: string): ScriptedConnection;
  /** A connection that has: with the key unless the hello says something else. */
  join(hello?: Record<string, unknown>, remote?: string): ScriptedConnection;
  /** A new game with its session. */
  game(gameId?: string): { game_id: string; session_id: string; session_token: string };
  /** One call of the contract with the key. */
  call(
    name: "agentCreate" | "taskAssign" | "taskCancel" | "sceneUpdate",
    input: object,
  ): ReturnType<typeof JSON.parse>;
}

export function createRig(options: BackendOptions = {}, hubLimits: Partial<HubLimits> = {}): Rig {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => {
    errors.push(error);
  };
  const backend = createBackend({ seed: 1, clock: "manual", apiKeys: [KEY], onError, ...options });
  const wall = createBackendClock("manual");
  const { engine, operations, access } = backend;
  const clock = new CountingClock(backend.clock);
  const wallClock = new CountingClock(wall);
  let ids = 0;
  const hub = createHub({
    engine,
    operations,
    access,
    clock,
    wallClock,
    ids: { next: (kind) => `${kind}_${(ids += 1)}` },
    limits: hubLimits,
    onError,
  });
  const origin = "http://test.localhost";
  const caller = access.identify({ apiKey: KEY });
  const open = (remote = "192.0.2.1"): ScriptedConnection => {
    const connection = new ScriptedConnection();
    connection.remote = remote;
    return connection.acceptedBy(hub);
  };
  return {
    backend,
    hub,
    wall,
    errors,
    timers: () => clock.pending + wallClock.pending,
    open,
    join: (hello = {}, remote) =>
      open(remote).say({
        type: "hello",
        protocol: 1,
        ...("session_token" in hello ? {} : { api_key: KEY }),
        ...hello,
      }),
    game(gameId) {
      const body = gameId === undefined ? {} : { game_id: gameId };
      const { answer } = operations.run("gameConnect", caller, { body }, { origin });
      return answer as { game_id: string; session_id: string; session_token: string };
    },
    call: (name, input) => operations.run(name, caller, input, { origin }).answer,
  };
}
