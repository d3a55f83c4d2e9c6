import { expect } from "vitest";
import type { World } from "../world.js";
import type { CasesOf } from "./case.js";
import { claim, finish, joined, options, other, worker } from "./worker-calls.js";

const one = { session: "s-1", agent_type: "claude", name: "my-game" };
const turn = { number: 1, prompt: "Fix the jump" };

const observe = (
  world: World,
  id: string,
  sessions: unknown[],
  more: Record<string, unknown> = {},
  as = worker,
) => world.ok("POST", `/workers/${id}/observe`, { as, body: { sessions, ...more } });

/** A session in the middle of its first turn, and who sees it. */
async function seen(world: World) {
  const worker_id = await joined(world);
  const { sessions } = await observe(world, worker_id, [{ ...one, turn }]);
  const [{ agent_id, job }] = sessions;
  return { worker_id, agent_id, task: job.task.id };
}

const agentOf = async (world: World, id: string) => (await world.ok("GET", `/agents/${id}`)).agent;
const agents = (world: World) => world.ok("GET", "/agents");

/** The route of those who look on while somebody else works. */
export const observingCases: CasesOf<"workerObserve"> = {
  workerObserve: {
    options,
    sample: async (world) => {
      const worker_id = await joined(world);
      return { path: `/workers/${worker_id}/observe`, body: { sessions: [{ ...one, turn }] } };
    },
    badBodies: {
      "no sessions": [{}, ["body", "sessions"]],
      "a session of no name": [{ sessions: [{ ...one, session: "" }] }, ["body", "sessions", 0, "session"]],
      "a turn of number 0": [
        { sessions: [{ ...one, turn: { ...turn, number: 0 } }] },
        ["body", "sessions", 0, "turn", "number"],
      ],
      "a turn that nobody wanted": [
        { sessions: [{ ...one, turn: { number: 1, prompt: " " } }] },
        ["body", "sessions", 0, "turn", "prompt"],
      ],
      "more sessions than may be seen": [
        { sessions: Array.from({ length: 65 }, (_, index) => ({ ...one, session: `s-${index}` })) },
        ["body", "sessions"],
      ],
      "a type that there is not": [
        { sessions: [{ ...one, agent_type: "goose" }] },
        ["body", "sessions", "agent_type"],
      ],
      "an unknown field": [{ sessions: [], speed: 1 }, ["body", "speed"]],
    },
    errors: {
      worker_not_found: async (world) => {
        const worker_id = await joined(world);
        const call = ["POST", `/workers/${worker_id}/observe`] as const;
        await world.fails("worker_not_found", ...call, { as: other, body: { sessions: [] } });
      },
    },
    behaviours: {
      "shows a session as an agent, and each of its turns as a task that its worker reports": async (
        world,
      ) => {
        const worker_id = await joined(world);
        const { sessions } = await observe(world, worker_id, [one]);
        expect(sessions).toMatchObject([{ session: "s-1", job: null }]);
        const [{ agent_id }] = sessions;
        expect(await agentOf(world, agent_id)).toMatchObject({
          type: "claude",
          name: "my-game",
          state: "idle",
        });
        const begun = await observe(world, worker_id, [{ ...one, turn }]);
        expect(begun.sessions).toMatchObject([
          { agent_id, job: { attempt: 1, task: { prompt: "Fix the jump", status: "running" } } },
        ]);
        const { id } = begun.sessions[0].job.task;
        expect(await world.ok("GET", `/tasks/${id}`)).toMatchObject({ work: "observed", agent_id });
        const reports = [{ state: "coding" }];
        await world.ok("POST", `/tasks/${id}/report`, {
          as: worker,
          body: { attempt: 1, number: 1, reports },
        });
        expect(await agentOf(world, agent_id)).toMatchObject({ state: "coding", current_task_id: id });
        await finish(world, id, { output: "It jumps.\n" });
        expect(await world.ok("GET", `/tasks/${id}`)).toMatchObject({ status: "completed" });
        const next = await observe(world, worker_id, [{ ...one, turn: { number: 2, prompt: "And now?" } }]);
        expect(next.sessions[0].job.task).toMatchObject({ continues: id, prompt: "And now?" });
      },
      "gives a turn again until something was reported of it, and never twice": async (world) => {
        const { worker_id, task } = await seen(world);
        const again = await observe(world, worker_id, [{ ...one, turn }]);
        expect(again.sessions[0].job.task.id).toBe(task);
        await world.ok("POST", `/tasks/${task}/report`, {
          as: worker,
          body: { attempt: 1, number: 1, reports: [] },
        });
        expect((await observe(world, worker_id, [{ ...one, turn }])).sessions[0].job).toBeNull();
        await world.ok("POST", `/tasks/${task}/cancel`, { body: {} });
        expect((await observe(world, worker_id, [{ ...one, turn }])).sessions[0].job).toBeNull();
      },
      "has an agent leave whose session is over, and what it was at is cancelled": async (world) => {
        const { worker_id, agent_id, task } = await seen(world);
        expect((await observe(world, worker_id, [])).sessions).toEqual([]);
        await world.fails("agent_not_found", "GET", `/agents/${agent_id}`);
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "cancelled" });
      },
      "has all of them leave whose worker is lost, and gives nothing of it to others": async (world) => {
        const { agent_id, task } = await seen(world);
        await world.advance(30_000);
        await world.fails("agent_not_found", "GET", `/agents/${agent_id}`);
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "cancelled", attempt: 1 });
      },
      "knows a worker that was started anew by its name, and shows no session twice": async (world) => {
        const { agent_id, task } = await seen(world);
        const anew = await joined(world);
        const { sessions } = await observe(world, anew, [{ ...one, turn }]);
        expect(sessions).toMatchObject([{ agent_id, job: { task: { id: task } } }]);
        expect(await agents(world)).toHaveLength(1);
        await world.advance(20_000);
        await observe(world, anew, [{ ...one, turn }]);
        await world.advance(20_000);
        expect(await agentOf(world, agent_id)).toMatchObject({ current_task_id: task });
        const third = await joined(world, { name: "desk-3" });
        await observe(world, third, [one]);
        expect(await agents(world)).toHaveLength(2);
      },
      "shows it in the game that is connected, and in the next one when that was left": {
        options: { ...options, limits: { leave_grace_seconds: 5 } },
        run: async (world) => {
          const { worker_id, agent_id } = await seen(world);
          expect(await agentOf(world, agent_id)).toMatchObject({ game_id: null });
          const { game_id, as } = await world.game();
          const moved = (await observe(world, worker_id, [{ ...one, turn }])).sessions[0];
          expect(moved.job.task).toMatchObject({ game_id, prompt: "Fix the jump" });
          expect(await agents(world)).toMatchObject([{ id: moved.agent_id, game_id }]);
          await world.ok("POST", "/game/disconnect", { as });
          await world.advance(5_000);
          const alone = (await observe(world, worker_id, [{ ...one, turn }])).sessions[0];
          expect(await agents(world)).toMatchObject([{ id: alone.agent_id, game_id: null }]);
        },
      },
      "shows it in the game that was named alone, once that is there": async (world) => {
        await world.game();
        const worker_id = await joined(world);
        const named = { game_id: "mine" };
        const before = (await observe(world, worker_id, [one], named)).sessions[0];
        expect(await agentOf(world, before.agent_id)).toMatchObject({ game_id: null });
        await world.ok("POST", "/game/connect", { body: { game_id: "mine" } });
        const after = (await observe(world, worker_id, [one], named)).sessions[0];
        expect(await agentOf(world, after.agent_id)).toMatchObject({ game_id: "mine" });
      },
      "is no more than looked at where work is simulated": {
        options: { apiKeys: options.apiKeys },
        run: async (world) => {
          const { agent_id, task } = await seen(world);
          const question = { kind: "permission", text: "It waits in its terminal." };
          const told = { as: worker, body: { attempt: 1, number: 1, reports: [{ question }] } };
          const { questions } = await world.ok("POST", `/tasks/${task}/report`, told);
          expect(await agentOf(world, agent_id)).toMatchObject({ state: "waiting" });
          await world.advance(20_000);
          const answer = { question_id: questions[0], choice: "allow" };
          await world.ok("POST", `/tasks/${task}/answer`, { body: answer });
          await world.advance(9_000);
          expect(await agentOf(world, agent_id)).toMatchObject({ state: "thinking", current_task_id: task });
        },
      },
      "gives such an agent no other task, and its worker none of others": async (world) => {
        const worker_id = await joined(world, { agent_types: ["*"] });
        const [{ agent_id }] = (await observe(world, worker_id, [one])).sessions;
        await world.fails("invalid_request", "POST", "/tasks/assign", { body: { agent_id, prompt: "Help" } });
        expect(await world.task()).toBeTypeOf("string");
        expect(await claim(world, worker_id)).toEqual([]);
        expect(await agentOf(world, agent_id)).toMatchObject({ state: "idle" });
      },
    },
  },
};
