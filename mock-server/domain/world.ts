import { AGENT_STATES } from "../../src/contract/agents.js";
import { TASK_STATUSES } from "../../src/contract/tasks.js";
import type { AgentType, ParsedBodyOf, Task } from "../../src/contract/index.js";
import type { Kept } from "../work/work.js";
import { Agenda } from "./agenda.js";
import type { AgentRecord } from "./agent-record.js";
import type { OutputBuffer } from "./output-buffer.js";
import { Analytics } from "./analytics.js";
import { Tally } from "./tally.js";

/** A task and its place in the order of creation. */
export interface TaskRecord {
  task: Task;
  readonly ordinal: number;
  /** Its place in the order of the ends; 0 while it is not over. */
  ended: number;
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
  readonly teams: Map<string, TeamRecord>;
  readonly games: Map<string, GameRecord>;
  readonly sessions: Map<string, SessionRecord>;
  /** By game, then by id. */
  readonly scenes: Map<string, Map<string, SceneRecord>>;
  /** By owner, the one whose answer was kept last standing last; then by key, the oldest first. */
  readonly answers: Map<string, Map<string, KeptAnswer>>;
  readonly analytics: Analytics;
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
  return {
    types: new Map(),
    agents: new Map(),
    tasks: new Map(),
    outputs: new Map(),
    work: new Map(),
    teams: new Map(),
    games: new Map(),
    sessions: new Map(),
    scenes: new Map(),
    answers: new Map(),
    analytics: new Analytics(),
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
