import type { AnswerOf, ClaimedJob, ParsedBodyOf } from "../../src/contract/index.js";
import { TASK_DEFAULTS, TASK_TIMEOUT_MAX_SECONDS } from "../../src/contract/tasks.js";
import type { AgentRecord } from "./agent-record.js";
import { removeAgent } from "./agents.js";
import { couldReserve } from "./byte-budget.js";
import type { Core } from "./core.js";
import { endTask, settle } from "./flow.js";
import { assignedTask } from "./frozen-records.js";
import { gameKey } from "./idle-pools.js";
import { findType } from "./lookup.js";
import { addAgent, NOTHING, ORIGIN, roomFor, weightOfNew } from "./new-agent.js";
import { newTask } from "./new-task.js";
import { noteWork } from "./note-work.js";
import { see, toldJob } from "./seen-workers.js";
import { setState } from "./set-state.js";
import { timestampOf } from "./timestamps.js";
import { weightOfNewTask } from "./weights.js";
import type { ObservedRecord, WorkerRecord } from "./world.js";

type Body = ParsedBodyOf<"workerObserve">;
type Session = Body["sessions"][number];

/** An agent that is what one sees of a session. */
interface Seen {
  readonly record: AgentRecord;
  readonly observed: ObservedRecord;
}

/**
 * A worker tells all sessions that it sees. Those of a worker of the same name and caller are its own too: it is that one, started anew. What is
 * not named is over.
 */
export function observe(
  core: Core,
  worker: WorkerRecord,
  { sessions, game_id }: Body,
): Omit<AnswerOf<"workerObserve">, "success"> {
  see(core, worker);
  const named = new Map(sessions.map((session) => [session.session, session]));
  const known = new Map<string, Seen>();
  for (const [agentId, observed] of [...core.world.observed]) {
    const record = core.world.agents.get(agentId);
    if (record === undefined || !isSame(core, worker, observed)) continue;
    const home = homeOf(core, game_id, record.gameId);
    // Seen twice it is by the newest, and in another game it is another agent.
    const isWanted = named.has(observed.session) && home === record.gameId && !known.has(observed.session);
    if (isWanted) known.set(observed.session, { record, observed });
    else removeAgent(core, record);
  }
  const told = Array.from(named.values(), (session) => {
    const seen = known.get(session.session) ?? come(core, worker, session, homeOf(core, game_id, null));
    const job = seen === null ? null : turnOf(core, worker, seen, session);
    return { session: session.session, agent_id: seen?.record.agent.id ?? null, job };
  });
  const expires = core.world.workers.get(worker.worker.worker_id)?.expires_at ?? 0;
  return { lease_expires_at: timestampOf(expires), sessions: told };
}

function isSame(core: Core, { worker, owner }: WorkerRecord, { worker_id }: ObservedRecord): boolean {
  const other = core.world.workers.get(worker_id);
  return other?.owner === owner && other.worker.name === worker.name;
}

/** The game in which a session is seen: where it is now, as long as somebody is there, else the newest that somebody has connected. */
function homeOf({ world, indexes }: Core, wanted: string | undefined, now: string | null): string | null {
  if (wanted !== undefined) return world.games.has(wanted) ? wanted : null;
  const isThere = (gameId: string): boolean => indexes.sessionsByGame.has(gameId);
  if (now !== null && isThere(now)) return now;
  return [...world.games.keys()].reverse().find(isThere) ?? now;
}

function come(
  core: Core,
  { worker: { worker_id } }: WorkerRecord,
  { session, agent_type, name }: Session,
  gameId: string | null,
): Seen | null {
  const type = findType(core, agent_type, ["body", "sessions", "agent_type"]);
  if (roomFor(core, gameId) <= 0 || !couldReserve(core, gameId, weightOfNew({ ...type, name }))) return null;
  const [scene] = core.world.scenes.get(gameId ?? "")?.values() ?? [];
  const points = scene?.body.spawn_points ?? [];
  const record = addAgent(core, type, gameId, {
    name,
    position: points[core.world.ordinals.agent % points.length] ?? ORIGIN,
    scene_id: scene?.scene_id ?? null,
  });
  const observed = { worker_id, session, turn: 0, task_id: null };
  core.ledger.note({ type: "agent.observed", agent_id: record.agent.id, ...observed });
  return { record, observed };
}

/** The task of the turn that is under way, where its worker has said nothing of it yet. */
function turnOf(
  core: Core,
  { worker: { worker_id } }: WorkerRecord,
  { record, observed }: Seen,
  { turn, session }: Session,
): ClaimedJob | null {
  const { id: agent_id } = record.agent;
  const current = core.world.tasks.get(record.agent.current_task_id ?? "");
  // A worker that was started anew counts anew: what is under way goes on as the turn that it is in.
  const isAnew = observed.worker_id !== worker_id;
  if (isAnew && current && turn) {
    const { id: task_id } = current.task;
    core.ledger.note({ type: "agent.observed", agent_id, worker_id, session, turn: turn.number, task_id });
    // What it asked and who helped is told anew.
    settle(core, current);
    core.agenda.schedule("timeout", task_id, core.ledger.now + current.task.timeout * 1_000);
    hold(core, task_id, worker_id);
  } else if (turn && (isAnew || turn.number > observed.turn)) {
    if (current) endTask(core, current, { kind: "cancelled", reason: "The session went on." });
    const task_id = begin(core, record, turn.prompt, observed.task_id);
    if (task_id === null) return null;
    core.ledger.note({ type: "agent.observed", agent_id, worker_id, session, turn: turn.number, task_id });
    hold(core, task_id, worker_id);
  } else if (isAnew) {
    if (current) endTask(core, current, { kind: "cancelled", reason: "Its end was not seen." });
    core.ledger.note({ type: "agent.observed", agent_id, ...observed, worker_id, turn: 0 });
  }
  const taskId = record.agent.current_task_id ?? "";
  const task = core.world.tasks.get(taskId);
  if (task === undefined || core.world.leases.get(taskId)?.number !== 0) return null;
  return toldJob(core, task)[0] ?? null;
}

function hold(core: Core, task_id: string, worker_id: string): void {
  const key = gameKey(core.world.tasks.get(task_id)?.task.game_id ?? null);
  // Whose turn it is among those who wait for workers is no matter of what is only looked at.
  const turn = core.world.turns.get(key) ?? 0;
  core.ledger.note({ type: "lease.begun", task_id, worker_id, at: core.ledger.now, turn });
}

/** Begins the task of a turn; null where there is no room for it. */
function begin(core: Core, { agent }: AgentRecord, wanted: string, before: string | null): string | null {
  const { game_id, id: agent_id } = agent;
  const prompt = wanted.slice(0, core.limits.prompt_max_characters);
  if (!couldReserve(core, game_id, weightOfNewTask(prompt, NOTHING))) return null;
  const { task_type, priority } = TASK_DEFAULTS;
  const continues = core.world.tasks.has(before ?? "") ? before : null;
  const timeout = TASK_TIMEOUT_MAX_SECONDS;
  const given = {
    game_id,
    team_id: null,
    prompt,
    task_type,
    priority,
    timeout,
    metadata: NOTHING,
    continues,
  };
  const message = `${agent.name} works in a session of somebody's own.`;
  const task = assignedTask(newTask(core, given), { agent_id, game_id, status: "assigned", message });
  const { id: task_id } = task;
  core.ledger.emit({ type: "task.assigned", game_id, data: { task } });
  noteWork(core, task_id, "observed");
  setState(core, agent, "thinking", task_id);
  const data = { task_id, agent_id, team_id: null, prompt, task_type };
  core.ledger.emit({ type: "task.started", game_id, data });
  core.agenda.schedule("timeout", task_id, core.ledger.now + timeout * 1_000);
  return task_id;
}
