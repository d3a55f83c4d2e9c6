import type {
  AgentType,
  AnalyticsEvent,
  AnyEvent,
  Changes,
  ParsedBodyOf,
  Usage,
  WorkKind,
} from "../../src/contract/index.js";
import type { WorkState } from "../../src/contract/work-states.js";
import type { Kept } from "../work/work.js";
import type { IdKind } from "./ids.js";
import type { JobKind } from "./agenda.js";
import type { OutputStream } from "./types.js";
import type { ObservedRecord, ReviewRecord } from "./world.js";

/** What changes the state and is no event of the contract; it gets no `seq`. */
export type Fact =
  | { readonly type: "type.added"; readonly agent_type: AgentType }
  /** Another client numbers the agent's moves from now on. */
  | { readonly type: "agent.numbered"; readonly agent_id: string; readonly client: string }
  | { readonly type: "game.known"; readonly game_id: string; readonly about: ParsedBodyOf<"gameConnect"> }
  /** `events` says that its events are kept no more either. */
  | { readonly type: "game.forgotten"; readonly game_id: string; readonly events?: "dropped" }
  | {
      readonly type: "session.opened";
      readonly session_id: string;
      readonly game_id: string;
      readonly expires_at: number;
      /** The hash of the session's token. */
      readonly token_hash?: string;
    }
  /** A session has one more token, of which this is the hash. */
  | { readonly type: "token.issued"; readonly session_id: string; readonly token_hash: string }
  /** An answer to a keyed request, to be given again until a time, in milliseconds. */
  | {
      readonly type: "answer.kept";
      readonly owner: string;
      readonly key: string;
      readonly fingerprint: string;
      readonly answer: unknown;
      readonly bytes: number;
      readonly until: number;
    }
  | { readonly type: "answer.forgotten"; readonly owner: string; readonly key: string }
  /** What clients measured; a key's belongs to no game. */
  | {
      readonly type: "analytics.reported";
      readonly game_id: string | null;
      readonly events: readonly AnalyticsEvent[];
    }
  | { readonly type: "session.touched"; readonly session_id: string; readonly expires_at: number }
  | { readonly type: "session.closed"; readonly session_id: string }
  | { readonly type: "scene.kept"; readonly scene_id: string; readonly body: ParsedBodyOf<"sceneUpdate"> }
  | { readonly type: "team.formed"; readonly team_id: string; readonly task_ids: readonly string[] }
  | {
      readonly type: "output.written";
      readonly task_id: string;
      readonly stream: OutputStream;
      readonly text: string;
    }
  /** Another one does the work on a task from now on. */
  | { readonly type: "work.chosen"; readonly task_id: string; readonly work: WorkKind }
  /** The work on a task is begun once more. */
  | { readonly type: "attempt.begun"; readonly task_id: string; readonly attempt: number }
  /** A task that waits for a worker was meant for an agent of a type. */
  | { readonly type: "task.preferred"; readonly task_id: string; readonly agent_type: string }
  /** Who may speak for a worker, when it was heard of, and until when it may be silent. */
  | {
      readonly type: "worker.seen";
      readonly worker_id: string;
      readonly owner: string;
      readonly at: number;
      readonly expires_at: number;
    }
  /** A task was given to a worker; `turn` is the place of the log. */
  | {
      readonly type: "lease.begun";
      readonly task_id: string;
      readonly worker_id: string;
      readonly at: number;
      readonly turn: number;
    }
  /** A worker's reports were taken up to a number, the last of which asked questions. */
  | {
      readonly type: "lease.reported";
      readonly task_id: string;
      readonly number: number;
      readonly asked: readonly string[];
    }
  /** A worker sees the session of an agent, up to a turn, which is a task. */
  | ({ readonly type: "agent.observed"; readonly agent_id: string } & ObservedRecord)
  /** A worker keeps values of a task, beside those under other names. */
  | { readonly type: "work.kept"; readonly task_id: string; readonly kept: Kept }
  /** What an agent that waits for an answer is seen doing once that is there. */
  | { readonly type: "state.deferred"; readonly task_id: string; readonly state: WorkState }
  | { readonly type: "usage.counted"; readonly task_id: string; readonly usage: Usage }
  | { readonly type: "changes.made"; readonly task_id: string; readonly changes: Changes }
  | { readonly type: "diff.kept"; readonly task_id: string; readonly text: string }
  /** Whoever has worked on a task is asked to take in, or throw away, what it has changed. */
  | ({ readonly type: "review.asked"; readonly task_id: string } & ReviewRecord)
  /** That is over, whatever came of it. */
  | { readonly type: "review.over"; readonly task_id: string }
  /** An agent helps with a task, by the name that its worker has for it. */
  | {
      readonly type: "child.named";
      readonly task_id: string;
      readonly child: string;
      readonly agent_id: string;
    }
  | { readonly type: "child.left"; readonly task_id: string; readonly child: string }
  | { readonly type: "task.forgotten"; readonly task_id: string }
  | { readonly type: "job.planned"; readonly kind: JobKind; readonly id: string; readonly due: number }
  /** It was done, or is not wanted any more. */
  | { readonly type: "job.dropped"; readonly kind: JobKind; readonly id: string }
  /** How many ids of a kind were given in all. */
  | { readonly type: "ids.given"; readonly kind: IdKind; readonly count: number };

/** Anything that changes the state. The state is what all changes from the first on amount to. */
export type Change = AnyEvent | Fact;
