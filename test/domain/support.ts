import type { AgentType, AnyEvent, EventType, Limits, ParsedBodyOf, Task } from "../../src/contract/index.js";
import type { Change } from "../../mock-server/domain/changes.js";
import { createSimulatedWork } from "../../mock-server/work/simulated/index.js";
import type { Work } from "../../mock-server/work/work.js";
import {
  createBackendClock,
  createEngine,
  createIds,
  createRandom,
  type BackendClock,
  type Engine,
  type EngineOptions,
  type Ids,
  type Scope,
} from "../../mock-server/domain/index.js";

/** A caller who may see everything. */
export const all: Scope = { kind: "all" };

export function ofGame(game_id: string): Scope {
  return { kind: "game", game_id };
}

export interface Rig {
  readonly engine: Engine;
  readonly clock: BackendClock;
  /** Every event that was told, in order. */
  readonly events: AnyEvent[];
  /** Every change from the first on, of what was kept. */
  readonly changes: Change[];
  /** Moves the clock and does what is due. */
  advance(seconds: number): void;
}

export interface RigOptions {
  readonly seed?: number;
  readonly limits?: Partial<Limits>;
  readonly totalBytes?: number;
  readonly clock?: BackendClock;
  readonly snapshot?: unknown;
  readonly agentTypes?: readonly AgentType[];
  /** Who works; the simulation unless told otherwise. */
  readonly work?: Work;
  readonly epoch?: "continue" | "new";
  /** Stands between the engine and its ids. */
  readonly idsOf?: (ids: Ids) => Ids;
  readonly append?: EngineOptions["append"] & {};
  readonly onListenerError?: EngineOptions["onListenerError"] & {};
}

/** An engine with everything that it needs, on a clock that stands still. */
export function rig({
  seed = 7,
  clock = createBackendClock("manual"),
  limits = {},
  work = createSimulatedWork(),
  append,
  idsOf = (ids) => ids,
  ...rest
}: RigOptions = {}): Rig {
  const events: AnyEvent[] = [];
  const changes: Change[] = [];
  const engine = createEngine({
    clock,
    random: createRandom(seed),
    ids: idsOf(createIds(seed)),
    limits,
    work,
    append(commit) {
      append?.(commit);
      changes.push(...commit.changes);
    },
    ...rest,
  });
  engine.log.subscribe((event) => events.push(event));
  return {
    engine,
    clock,
    events,
    changes,
    advance(seconds) {
      clock.advance(seconds * 1_000);
      engine.runDue();
    },
  };
}

/** The body of an assignment as it is after validation. */
export function work(body: Partial<ParsedBodyOf<"taskAssign">> = {}): ParsedBodyOf<"taskAssign"> {
  return { prompt: "Fix the jump", task_type: "general", priority: 1, timeout: 600, ...body };
}

export function teamWork(body: Partial<ParsedBodyOf<"teamAssign">> = {}): ParsedBodyOf<"teamAssign"> {
  return {
    prompt: "Add multiplayer",
    team_size: 2,
    task_type: "general",
    priority: 1,
    timeout: 600,
    ...body,
  };
}

/** Creates agents of the types named, in order, and gives their ids. */
export function crew(engine: Engine, types: readonly string[], scope: Scope = all): string[] {
  return types.map((agent_type) => engine.agents.create(scope, { agent_type }).id);
}

export function typesOf(events: readonly AnyEvent[]): EventType[] {
  return events.map(({ type }) => type);
}

export function only<T extends EventType>(
  events: readonly AnyEvent[],
  type: T,
): Extract<AnyEvent, { readonly type: T }>[] {
  return events.filter((event): event is Extract<AnyEvent, { readonly type: T }> => event.type === type);
}

/** The events that speak of a task. */
export function eventsOfTask(events: readonly AnyEvent[], taskId: string): AnyEvent[] {
  return events.filter(({ data }) => {
    if ("task" in data) return data.task.id === taskId;
    return "task_id" in data && data.task_id === taskId;
  });
}

export function get(engine: Engine, taskId: string): Task {
  return engine.tasks.get(all, taskId);
}

/** What a call throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
