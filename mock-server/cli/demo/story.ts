import type { AgentVM, TaskHandle } from "../../../src/index.js";
import type { Agent } from "../../../src/contract/index.js";
import type { DemoEnding, DemoTask, Tell } from "./events.js";
import { followAgents, followTask } from "./follow.js";

const GAME_NAME = "AgentVM demo";

/** Who takes part. The fourth is there because a team of three needs three idle agents while the first debugs. */
const CAST = [
  { name: "Ada", agent_type: "aider", position: { x: -4, y: 0, z: 0 } },
  { name: "Otto", agent_type: "opencode", position: { x: 0, y: 0, z: 2 } },
  { name: "Cleo", agent_type: "claude", position: { x: 4, y: 0, z: 0 } },
  { name: "Mika", agent_type: "custom", position: { x: 0, y: 0, z: -4 } },
] as const;

const DEBUGGING = "Find out why the player falls through the floor after a double jump, and fix it";
const TEAM_WORK = "Add local multiplayer for two players: input, split screen and a lobby";
const CALLED_OFF = "Rename every variable of the physics module";
const REASON = "The rename can wait until the jump is fixed";
const TEAM_SIZE = 3;

/** Seconds that a server may let one task of the demo run. */
const TASK_TIMEOUT_SECONDS = 300;

/** Milliseconds for each call that clears up afterwards. */
const FAREWELL_TIMEOUT_MS = 5_000;

/** One task under way: what the story knows of it, and its handle. */
interface Assigned {
  readonly task: DemoTask;
  readonly handle: TaskHandle;
}

/** How the story is told and stopped, and what is to be done once every task is assigned. */
export interface StoryOptions {
  readonly tell: Tell;
  readonly signal: AbortSignal;
  readonly onAssigned?: () => void;
}

/**
 * Plays the demo on a server: connects a game, creates agents, assigns a debugging task and a team of three,
 * cancels one task, follows all to the end, and leaves the server as it was.
 *
 * @returns whether everything came to the ending that it should.
 */
export async function playStory(agentvm: AgentVM, options: StoryOptions): Promise<boolean> {
  const { tell, signal } = options;
  const { game_id, server } = await agentvm.connect({ game_name: GAME_NAME }, { signal });
  try {
    tell({ type: "connected", game_id, game_name: GAME_NAME, server });
    return await play(agentvm, options);
  } finally {
    await sayFarewell(agentvm, game_id, tell);
  }
}

async function play(agentvm: AgentVM, { tell, signal, onAssigned }: StoryOptions): Promise<boolean> {
  const created: Agent[] = [];
  for (const member of CAST) {
    const agent = await agentvm.agents.create(member, { signal });
    created.push(agent);
    tell({ type: "agent_created", agent });
  }
  const assigned = await assignAll(agentvm, created, tell, signal);
  const unfollow = followAgents(agentvm, tell);
  onAssigned?.();

  const endings = await Promise.all(
    assigned.map(async ({ task, handle }): Promise<DemoEnding> => {
      const ending = await followTask(handle, task, tell, signal);
      tell({ type: "task_ended", task: ending });
      return ending;
    }),
  );
  unfollow();
  const problems = endings.flatMap(faultOf);
  tell({ type: "finished", ok: problems.length === 0, tasks: endings, problems });
  return problems.length === 0;
}

async function assignAll(
  agentvm: AgentVM,
  agents: readonly Agent[],
  tell: Tell,
  signal: AbortSignal,
): Promise<Assigned[]> {
  const debuggerId = agents.find((agent) => agent.type === "aider")?.id;
  const assign = async (part: DemoTask["part"], prompt: string, task_type: string): Promise<Assigned> => {
    const handle = await agentvm.tasks.assign(
      { prompt, task_type, timeout: TASK_TIMEOUT_SECONDS, ...(debuggerId ? { agent_id: debuggerId } : {}) },
      { signal },
    );
    const { agent_id, status } = await agentvm.tasks.get(handle.id, { signal });
    const task = { task_id: handle.id, part, agent_id, task_type, prompt };
    tell({ type: "task_assigned", task, status });
    return { task, handle };
  };

  const debugging = await assign("debugging", DEBUGGING, "debugging");
  const team = await assignTeam(agentvm, agents, tell, signal);
  // It waits behind the debugging, so that it cannot have ended before it is cancelled.
  const unwanted = await assign("cancelled", CALLED_OFF, "refactoring");
  await unwanted.handle.cancel(REASON, { signal });
  tell({ type: "task_cancelled", task: unwanted.task, reason: REASON });
  return [debugging, ...team, unwanted];
}

async function assignTeam(
  agentvm: AgentVM,
  known: readonly Agent[],
  tell: Tell,
  signal: AbortSignal,
): Promise<Assigned[]> {
  const task_type = "feature_development";
  const team = await agentvm.tasks.assignTeam(
    { prompt: TEAM_WORK, team_size: TEAM_SIZE, task_type, timeout: TASK_TIMEOUT_SECONDS },
    { signal },
  );
  const members: Assigned[] = [];
  for (const handle of team.tasks) {
    const { agent_id, prompt } = await agentvm.tasks.get(handle.id, { signal });
    // A server that spawns agents may have put one into the team that the demo has not created.
    if (agent_id !== null && !known.some(({ id }) => id === agent_id))
      tell({ type: "agent_met", agent: await agentvm.agents.get(agent_id, { signal }) });
    members.push({ task: { task_id: handle.id, part: "team", agent_id, task_type, prompt }, handle });
  }
  tell({
    type: "team_assigned",
    team_id: team.id,
    prompt: TEAM_WORK,
    tasks: members.map(({ task }) => task),
  });
  return members;
}

function faultOf({ task_id, part, status }: DemoEnding): string[] {
  if (part === "cancelled")
    return status === "cancelled" ? [] : [`${task_id} was cancelled, but it is ${status}`];
  return status === "cancelled" ? [`${task_id} is cancelled, but nobody here did that`] : [];
}

/** Leaves the server as it was, also after a failure or ctrl-c; what cannot be cleared up is told. */
async function sayFarewell(agentvm: AgentVM, gameId: string, tell: Tell): Promise<void> {
  const limits = { timeoutMs: FAREWELL_TIMEOUT_MS, totalTimeoutMs: FAREWELL_TIMEOUT_MS };
  try {
    // The session first: while it lives, a server with auto_spawn makes up for every agent that goes.
    await agentvm.game.disconnect(limits);
    const left: string[] = [];
    for await (const { id } of agentvm.agents.list({ game_id: gameId }, limits)) left.push(id);
    for (const id of left) await agentvm.agents.remove(id, limits);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    tell({ type: "left_behind", message: `The agents of the demo may still be there: ${message}` });
  }
}
