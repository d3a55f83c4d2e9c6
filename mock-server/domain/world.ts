import { AGENT_STATES } from "../../src/contract/agents.js";
import { TASK_STATUSES } from "../../src/contract/tasks.js";
import type {
  AgentType,
  EventData,
  ParsedBodyOf,
  Task,
  ToldAgentState,
  Worker,
} from "../../src/contract/index.js";
import type { Answer, Kept } from "../work/work.js";
import { Agenda } from "./agenda.js";
import type { AgentRecord } from "./agent-record.js";
import type { OutputBuffer } from "./output-buffer.js";
import { Analytics } from "./analytics.js";
import type { Measured } from "./analytics.js";
import { Tally } from "./tally.js";

/** A task and its place in the order of creation. */
export interface TaskRecord {
  task: Task;
  readonly ordinal: number;
  /** Its place in the order of the ends; 0 while it is not over. */
  ended: number;
  /** The type of agent that was asked for, where it waits for a worker. */
  preferred?: string | undefined;
}

/** Somebody who does the work on tasks from elsewhere. */
export interface WorkerRecord {
  /** As it was when it joined. */
  readonly worker: Worker;
  /** Its place in the order of joining. */
  readonly ordinal: number;
  /** The caller that joined with it, who alone may speak for it. */
  readonly owner: string;
  /** When it was heard of last, and when it is taken for lost, in milliseconds. */
  readonly seen_at: number;
  readonly expires_at: number;
}

/** A task in the hands of a worker; it is known until the task is forgotten, or given to another one. */
export interface Lease {
  readonly worker_id: string;
  /** Milliseconds. */
  readonly given_at: number;
  /** The number of its last report; 0 before the first. */
  readonly number: number;
  /** The questions that this report asked. */
  readonly asked: readonly string[];
  /** The worker as it is known by whoever takes its place, where it reviews what it has changed. */
  readonly reviewer?: Reviewer | undefined;
}

/** Who is asked for reviews of a task: a worker of this name, which joined with this caller. */
export interface Reviewer {
  readonly name: string;
  readonly owner: string;
}

/** A review that is carried out by whoever has worked, and is not over. */
export interface ReviewRecord {
  readonly review_id: string;
  readonly verdict: "accept" | "discard";
  readonly message: string | null;
  /** The worker that was asked; null where somebody else was. */
  readonly worker_id: string | null;
}

/** A session that somebody runs elsewhere, of which an agent is what one sees. */
export interface ObservedRecord {
  readonly worker_id: string;
  /** The worker's own name for it. */
  readonly session: string;
  /** The number of its last turn; 0 before the first. */
  readonly turn: number;
  /** The task of that turn. */
  readonly task_id: string | null;
}

/** What became of a question. */
export type ClosedQuestion = Omit<Answer, "by"> & Pick<EventData["task.answered"], "by">;

/** What a task has asked. */
export interface AskedRecord {
  /** What its agent is seen doing once the question is closed that is open now; null while none is. */
  readonly resumes: ToldAgentState | null;
  /** What became of the last ones, the newest last. */
  readonly answers: readonly ClosedQuestion[];
}

/** A team that is at work. */
export interface TeamRecord {
  readonly team_id: string;
  readonly task_ids: readonly string[];
  /** Tasks that are not over. */
  open: number;
  succeeded: number;
}

export interface GameRecord {
  readonly game_id: string;
  readonly ordinal: number;
  /** What the game last told of itself. */
  about: ParsedBodyOf<"gameConnect">;
}

export interface SessionRecord {
  readonly session_id: string;
  readonly game_id: string;
  /** Milliseconds. */
  expires_at: number;
  /** Hashes of its tokens, of which there is one, or a few where its first answer was asked for again. */
  tokens: readonly string[];
}

/** An answer that is kept to be given again. */
export interface KeptAnswer {
  /** What makes two requests the same. */
  readonly fingerprint: string;
  /** It holds no token. */
  readonly answer: unknown;
  readonly bytes: number;
  /** Milliseconds. */
  readonly until: number;
  /** Its place in the order of all that were kept. */
  readonly ordinal: number;
}

export interface SceneRecord {
  readonly scene_id: string;
  body: ParsedBodyOf<"sceneUpdate">;
  revision: number;
}

/** All that is so. Only `apply` changes it. */
export interface World {
  /** Types that were added to those of the options, by name. */
  readonly types: Map<string, AgentType>;
  readonly agents: Map<string, AgentRecord>;
  readonly tasks: Map<string, TaskRecord>;
  readonly outputs: Map<string, OutputBuffer>;
  /** What the workers of running tasks keep of them. It means nothing to anybody else. */
  readonly work: Map<string, Kept>;
  /** What tasks have asked, of those that have asked anything. */
  readonly asked: Map<string, AskedRecord>;
  /** What tasks have changed, as text. */
  readonly diffs: Map<string, string>;
  /** What is reviewed now, by task. */
  readonly reviews: Map<string, ReviewRecord>;
  /** The agents that help with running tasks, by the names that workers have for them. */
  readonly children: Map<string, ReadonlyMap<string, string>>;
  readonly workers: Map<string, WorkerRecord>;
  /** The sessions that workers see, by agent. Such an agent takes no other work. */
  readonly observed: Map<string, ObservedRecord>;
  /** By task. */
  readonly leases: Map<string, Lease>;
  /** The place of the log at which a task of each game was last given to a worker, by the game's key. */
  readonly turns: Map<string, number>;
  readonly teams: Map<string, TeamRecord>;
  readonly games: Map<string, GameRecord>;
  readonly sessions: Map<string, SessionRecord>;
  /** By game, then by id. */
  readonly scenes: Map<string, Map<string, SceneRecord>>;
  /** By owner, the one whose answer was kept last standing last; then by key, the oldest first. */
  readonly answers: Map<string, Map<string, KeptAnswer>>;
  readonly analytics: Measured;
  /** Tasks that are over, in the order of their ends. */
  readonly ended: Set<string>;
  /** What is to be done later. */
  readonly agenda: Agenda;
  /** Ids that were given of each kind, of those that any were given of since the world was loaded. */
  readonly given: Map<string, number>;
  readonly ordinals: { agent: number; task: number; game: number };
  /** Answers that were ever kept, since the world was loaded. */
  kept: number;
  /** Agents ever made of each type: the number in a new one's name. */
  readonly made: Map<string, number>;
  /** Tasks that ever ended so. */
  readonly endings: { completed: number; failed: number; cancelled: number };
  /** How many there are in each state now. */
  readonly agentsByState: Tally;
  readonly tasksByStatus: Tally;
}

export function emptyWorld(): World {
  return emptyWorldWith(new Analytics());
}

/** The same with what adds up measures handed in, for a program that has none. */
export function emptyWorldWith(analytics: Measured): World {
  return {
    types: new Map(),
    agents: new Map(),
    tasks: new Map(),
    outputs: new Map(),
    work: new Map(),
    asked: new Map(),
    diffs: new Map(),
    reviews: new Map(),
    children: new Map(),
    workers: new Map(),
    observed: new Map(),
    leases: new Map(),
    turns: new Map(),
    teams: new Map(),
    games: new Map(),
    sessions: new Map(),
    scenes: new Map(),
    answers: new Map(),
    analytics,
    ended: new Set(),
    agenda: new Agenda(),
    given: new Map(),
    ordinals: { agent: 0, task: 0, game: 0 },
    kept: 0,
    made: new Map(),
    endings: { completed: 0, failed: 0, cancelled: 0 },
    agentsByState: new Tally(AGENT_STATES),
    tasksByStatus: new Tally(TASK_STATUSES),
  };
}
