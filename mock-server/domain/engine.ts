import type {
  Agent,
  AgentType,
  AnalyticsEvent,
  AnalyticsSummary,
  Changes,
  Clock,
  Cursor,
  EventOf,
  Limits,
  ParsedBodyOf,
  Position,
  PositionUpdate,
  QueryOf,
  Task,
  TaskAnswerBody,
  TaskReviewBody,
} from "../../src/contract/index.js";
import type { Work } from "../work/work.js";
import type { Commit } from "./commit.js";
import type { Core } from "./core.js";
import type { EventLog, Outputs } from "./log-port.js";
import type { Ids } from "./ids.js";
import type { SeededRandom } from "./random.js";
import type { EngineSnapshot } from "./snapshot-schema.js";
import type {
  AnswerFinding,
  Counts,
  MoveOutcome,
  MovesOutcome,
  OutputSlice,
  Page,
  Scope,
  Session,
  TeamOutcome,
} from "./types.js";

/** What an engine is made of. Everything that differs from run to run is handed in. */
export interface EngineOptions {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly ids: Ids;
  /** Who does the work on tasks. */
  readonly work: Work;
  /** Limits that differ from the contract's defaults. */
  readonly limits?: Partial<Limits>;
  /** Bytes that all games together may hold; 256 MiB unless told otherwise. What one may is a limit, `game_bytes`. */
  readonly totalBytes?: number;
  /** Types of agents that can be created; the contract's four unless told otherwise. */
  readonly agentTypes?: readonly AgentType[];
  /** What `snapshot()` of an earlier engine gave, to go on from there. It is checked; a bad one throws EngineError. */
  readonly snapshot?: unknown;
  /**
   * What the event log of a restored engine is. `"continue"` (default) goes on in the snapshot's epoch, for a snapshot
   * that was the last word of its engine. `"new"` begins another epoch, for one after which events may have been sent
   * that it does not know of: clients then take a fresh look instead of missing something.
   */
  readonly epoch?: "continue" | "new";
  /** Keeps what a command did before anybody hears of it. What it throws takes the command back, and its caller is told that. */
  readonly append?: (commit: Commit) => void;
  /** Told what a listener threw; the other listeners and the engine go on. */
  readonly onListenerError?: (error: unknown) => void;
}

/** What makes a call of the engine from what it does. */
export interface CallKinds {
  /** One that looks: what is due is done before. */
  readonly looks: <A extends unknown[], R>(call: (...args: A) => R) => (...args: A) => R;
  /** One that changes something, and is a command. */
  readonly changes: <A extends unknown[], R>(call: (...args: A) => R) => (...args: A) => R;
}

/**
 * The whole domain: agents, tasks, teams, games, scenes and the log of what happened to them.
 * It is synchronous and has no timers: whoever owns it calls `runDue()` when `nextDueAt()` has come.
 * Objects that it gives out are frozen and stay as they are; ask again for the state of now.
 */
export interface Engine {
  readonly limits: Limits;
  readonly log: EventLog;
  readonly outputs: Outputs;
  readonly agents: {
    readonly create: (scope: Scope, body: ParsedBodyOf<"agentCreate">) => Agent;
    readonly get: (scope: Scope, agentId: string) => Agent;
    readonly list: (scope: Scope, query: QueryOf<"agentList">) => Page<Agent>;
    /** `client` is whose numbers the sequences are; nobody's in particular where it is left out. */
    readonly move: (scope: Scope, update: PositionUpdate, client?: string) => MoveOutcome;
    /** Moves many at one time, and tells of all of them together; one that cannot be moved leaves the others alone. */
    readonly moveMany: (scope: Scope, updates: readonly PositionUpdate[], client?: string) => MovesOutcome;
    readonly remove: (scope: Scope, agentId: string) => void;
    readonly types: () => readonly AgentType[];
    /** Adds a type; throws `agent_type_exists` where there is one of that name. */
    readonly addType: (body: ParsedBodyOf<"agentTypeCreate">) => AgentType;
    /** Where an agent is now; nothing for one that is not there. It does no work that is due. */
    readonly positionOf: (agentId: string) => Position | undefined;
    /** The last move of each agent that moved at a place of the log or after it, oldest first. It does no work that is due. */
    readonly movedSince: (scope: Scope, seq: number) => EventOf<"agent.moved">[];
  };
  readonly tasks: {
    readonly assign: (scope: Scope, body: ParsedBodyOf<"taskAssign">) => Task;
    readonly assignTeam: (scope: Scope, body: ParsedBodyOf<"teamAssign">) => TeamOutcome;
    readonly get: (scope: Scope, taskId: string) => Task;
    readonly list: (scope: Scope, query: QueryOf<"taskList">) => Page<Task>;
    readonly cancel: (scope: Scope, taskId: string, reason: string | null) => Task;
    readonly output: (scope: Scope, taskId: string, offset: number) => OutputSlice;
    /** Answers the open question; throws `no_such_question` for another one, which may be over. */
    readonly answer: (scope: Scope, taskId: string, body: TaskAnswerBody) => Task;
    /** What the task has changed, as a unified diff; throws `no_changes` where there is none. */
    readonly diff: (scope: Scope, taskId: string) => string;
    /**
     * Accepts or discards it; throws `no_changes`, `merge_conflict`, or `already_reviewed` for another verdict than the first. Null, and
     * nothing has happened, where somebody else carries it out: `slow-reviews.ts` begins that, and then the same call says what came of it.
     */
    readonly review: (scope: Scope, taskId: string, body: TaskReviewBody) => Changes | null;
  };
  readonly games: {
    /** `tokenHash` is the hash of the session's token, which nobody but its holder and who issued it knows. */
    readonly connect: (body: ParsedBodyOf<"gameConnect">, tokenHash?: string) => Session;
    /** One more token of a session, by its hash. Throws as `session` does. */
    readonly giveToken: (sessionId: string, tokenHash: string) => void;
    /** The open session that has a token of this hash. */
    readonly byToken: (tokenHash: string) => Session | null;
    /** Throws `session_expired` for a session that ended or never was. */
    readonly session: (sessionId: string) => Session;
    /** The session lives on from now. Throws as `session` does; every frame of a game asks this, so that it gives nothing back. */
    readonly touch: (sessionId: string) => void;
    /** Ends a session. A game whose last one it was is emptied `leave_grace_seconds` later, unless it is connected again or to be kept. */
    readonly disconnect: (sessionId: string) => void;
    readonly agents: (scope: Scope, gameId: string) => { readonly agents: Agent[]; readonly cursor: Cursor };
  };
  readonly scenes: {
    readonly put: (
      scope: Scope,
      sceneId: string,
      body: ParsedBodyOf<"sceneUpdate">,
    ) => { readonly scene_id: string; readonly game_id: string; readonly revision: number };
  };
  /** Answers to keyed requests, which are given again for 24 hours. */
  readonly answers: {
    /** `fingerprint` is what makes two requests the same: the call and its body, in one text. */
    readonly find: (owner: string, key: string, fingerprint: string) => AnswerFinding;
    /** Keeps the answer to a request that `find` called new. It must hold no secret, and not change any more. */
    readonly keep: (owner: string, key: string, fingerprint: string, answer: unknown) => void;
  };
  /** What clients have measured, added up: of a game, or, for null, of all. */
  readonly analytics: {
    readonly report: (gameId: string | null, events: readonly AnalyticsEvent[]) => void;
    readonly read: (gameId: string | null) => { readonly since: string; readonly summary: AnalyticsSummary };
  };
  readonly counts: () => Counts;
  readonly storage: {
    /** Bytes that a game may hold, and that all games together may. */
    readonly gameBytes: number;
    readonly totalBytes: number;
    /** Bytes that a game holds, `null` for what belongs to no game; what all games hold when none is named. */
    readonly held: (gameId?: string | null) => number;
  };
  /**
   * Does the work as one command: all that it asks of the engine is kept together, or is taken back when it throws. What is asked
   * for in it and fails by itself is taken back by itself.
   */
  readonly command: <T>(work: () => T) => T;
  /** Makes calls that few need, whose code comes later, over the same world and the same log as all others. */
  readonly extend: <T>(make: (core: Core, kinds: CallKinds) => T) => T;
  /** Does all work that is due, in order of its time, then of its making. Every method above does it first. */
  readonly runDue: () => void;
  /** When the next work is due, in milliseconds of the clock that was handed in, or null when there is none. */
  readonly nextDueAt: () => number | null;
  /** Calls `listener` when `nextDueAt()` may have become earlier. Gives its own undo. */
  readonly onSchedule: (listener: () => void) => () => void;
  /** Everything that an engine needs to go on from here, as JSON; no secrets: of tokens it has hashes. */
  readonly snapshot: () => EngineSnapshot;
}

export type { EventLog, Outputs };
