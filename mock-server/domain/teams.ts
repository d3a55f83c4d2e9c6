import type { AgentType, ParsedBodyOf } from "../../src/contract/index.js";
import type { AgentRecord } from "./agent-record.js";
import { addAgent, roomFor, weightOfNew } from "./new-agent.js";
import type { Core } from "./core.js";
import { Draft, type DraftPool } from "./draft.js";
import { EngineError } from "./errors.js";
import { announce, askToBegin } from "./flow.js";
import { gameOfKey } from "./idle-pools.js";
import { unusedId } from "./ids.js";
import { byAge, checkPrompt, findTask, findType, typesOf } from "./lookup.js";
import { newTask } from "./new-task.js";
import { reserve } from "./byte-budget.js";
import type { Scope, TeamOutcome } from "./types.js";
import { weightOfNewTask } from "./weights.js";

/** Gives one piece of work to a team of idle agents, one task each, and starts them all; members that lack are made while there is room. */
export function assignTeam(core: Core, scope: Scope, body: ParsedBodyOf<"teamAssign">): TeamOutcome {
  checkPrompt(core.limits, body.prompt);
  const preferred = body.preferred_types ?? [];
  for (const [place, type] of preferred.entries()) findType(core, type, ["body", "preferred_types", place]);
  const key = gameFor(core, scope, body.team_size);
  const members = gather(core, key, body, new Draft(body.task_type, preferred));
  const { prompt, task_type, priority, timeout } = body;
  const team_id = unusedId(core.ids, "team", core.world.teams);
  const given = {
    game_id: gameOfKey(key),
    team_id,
    prompt,
    task_type,
    priority,
    timeout,
    metadata: {},
    continues: null,
  };
  const tasks = members.map((member) => ({ member, task: newTask(core, given) }));
  core.ledger.note({ type: "team.formed", team_id, task_ids: tasks.map(({ task }) => task.id) });
  for (const { member, task } of tasks) announce(core, task, member.agent);
  const records = tasks.map(({ member, task }) => ({
    member,
    record: findTask(core, { kind: "all" }, task.id),
  }));
  for (const { member, record } of records) askToBegin(core, record, member);
  return { team_id, tasks: records.map(({ record }) => record.task) };
}

/**
 * The game whose agents make up the team: a team is never of two games. For a caller who sees all games it is one that has as
 * many idle agents as are wanted, the agents of no game first, then the oldest game. Where none has, the team is of no game:
 * its missing members are made, and no game has asked for any.
 */
function gameFor(core: Core, scope: Scope, size: number): string {
  if (scope.kind === "game") return scope.game_id;
  const { idle } = core.indexes;
  const [found = ""] = byAge(
    core,
    [...idle.keys()].filter((key) => idle.count(key) >= size),
  );
  return found;
}

/** Picks idle agents and makes those that lack; nothing is changed when there is no room for them. */
function gather(
  core: Core,
  key: string,
  { team_size: size, prompt }: ParsedBodyOf<"teamAssign">,
  draft: Draft,
): AgentRecord[] {
  const { indexes } = core;
  const gameId = gameOfKey(key);
  const free = Math.min(size, indexes.idle.count(key));
  const lacking = size - free;
  const room = Math.max(0, roomFor(core, gameId));
  if (lacking > room) {
    throw new EngineError(
      "not_enough_idle_agents",
      `A team of ${size} needs ${size} idle agents; there are ${free}, and there is room for ${room} more.`,
    );
  }
  const team = draft.pick(poolsOf(indexes.idle.byType(key, size)), free);
  const types = typesOf(core).map((type): DraftPool<AgentType> => {
    return { worker: type, members: Array.from({ length: lacking }, () => type) };
  });
  const missing = draft.pick(types, lacking);
  const ofAgents = missing.reduce((sum, type) => sum + weightOfNew(type), 0);
  reserve(core, gameId, ofAgents + size * weightOfNewTask(prompt, {}));
  for (const type of missing) team.push(addAgent(core, type, gameId));
  return team;
}

/** Pools in the order of their oldest members, so that age decides between types that are equally good. */
function poolsOf(groups: readonly (readonly AgentRecord[])[]): DraftPool<AgentRecord>[] {
  return groups
    .flatMap((members) =>
      members[0] ? [{ worker: members[0].agent, age: members[0].ordinal, members }] : [],
    )
    .sort((a, b) => a.age - b.age);
}
