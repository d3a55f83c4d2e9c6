import { expect } from "vitest";
import type { World } from "../world.js";
import { locations } from "../world.js";
import { badMetadata } from "./case.js";
import type { CasesOf } from "./case.js";

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** Reads a stream's lines as they come. */
async function* lines(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const next = await reader?.read();
    if (next === undefined || next.done) return;
    const whole = (rest + next.value).split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) yield JSON.parse(line);
  }
}

async function strangersTask(world: World) {
  const task = await world.task();
  return { task, ...(await world.game()) };
}

/** The routes about tasks. */
export const taskCases: CasesOf<
  "taskAssign" | "teamAssign" | "taskList" | "taskGet" | "taskOutput" | "taskCancel"
> = {
  taskAssign: {
    sample: async (world) => ({
      path: "/tasks/assign",
      body: {
        prompt: "Fix the jump",
        agent_id: await world.agent(),
        task_type: "debugging",
        priority: 2,
        timeout: 60,
        metadata: { a: 1 },
      },
    }),
    badBodies: {
      "no prompt": [{}, ["body", "prompt"]],
      "a blank prompt": [{ prompt: " \t\n" }, ["body", "prompt"]],
      "an empty prompt": [{ prompt: "" }, ["body", "prompt"]],
      "a prompt too long": [{ prompt: "p".repeat(10_001) }, ["body", "prompt"]],
      "a list for a prompt": [{ prompt: ["Fix"] }, ["body", "prompt"]],
      "an agent id with a slash": [{ prompt: "p", agent_id: "a/b" }, ["body", "agent_id"]],
      ...badMetadata((metadata) => ({ prompt: "p", metadata })),
      "a time limit of nothing": [{ prompt: "p", timeout: 0 }, ["body", "timeout"]],
      "a priority that is no whole number": [{ prompt: "p", priority: 1.5 }, ["body", "priority"]],
      "an unknown field": [{ prompt: "p", agentid: "a" }, ["body", "agentid"]],
    },
    errors: {
      agent_not_found: async (world) => {
        const stranger = await world.agent();
        const { as } = await world.game();
        await world.fails("agent_not_found", "POST", "/tasks/assign", {
          body: { prompt: "p", agent_id: "nobody" },
        });
        await world.fails("agent_not_found", "POST", "/tasks/assign", {
          body: { prompt: "p", agent_id: stranger },
          as,
        });
        expect(await world.ok("GET", "/tasks")).toEqual([]);
      },
      task_not_found: async (world) => {
        const { task, as } = await strangersTask(world);
        const assign = { body: { prompt: "p", continues: task } };
        await world.fails("task_not_found", "POST", "/tasks/assign", { ...assign, as });
        await world.fails("task_not_found", "POST", "/tasks/assign", {
          body: { prompt: "p", continues: "none" },
        });
        await world.ok("POST", "/tasks/assign", assign);
      },
      storage_full: {
        options: { limits: { game_bytes: 30_000 } },
        run: async (world) => {
          const [{ as }, other] = [await world.game(), await world.game()];
          const metadata = { note: "x".repeat(12_000) };
          const ids = [await world.task({ metadata }, as), await world.task({ metadata }, as)];
          const body = { prompt: "Fix the jump", metadata };
          await world.fails("storage_full", "POST", "/tasks/assign", { body, as });
          await world.task({ metadata }, other.as);
          // What is over makes room.
          await world.ok("POST", `/tasks/${ids[0]}/cancel`, { as });
          await world.task({ metadata }, as);
          await world.fails("task_not_found", "GET", `/tasks/${ids[0]}`, { as });
        },
      },
    },
    behaviours: {
      "gives what goes on with a task to the agent that had it": async (world) => {
        const agent_id = await world.agent();
        await world.agent();
        const continues = await world.task({ agent_id });
        const body = { prompt: "And the double jump?", continues };
        const { task_id } = await world.ok("POST", "/tasks/assign", { body });
        expect(await world.ok("GET", `/tasks/${task_id}`)).toMatchObject({
          agent_id,
          continues,
          status: "assigned",
        });
      },
      "gives the work to the best idle agent": async (world) => {
        await world.agent({ agent_type: "custom" });
        const aider = await world.agent({ agent_type: "aider" });
        const body = { prompt: "Fix the jump", task_type: "debugging" };
        expect(await world.ok("POST", "/tasks/assign", { body })).toMatchObject({
          agent_id: aider,
          status: "running",
        });
      },
      "lets it wait while nobody is free": async (world) => {
        const body = { prompt: "Fix the jump" };
        expect(await world.ok("POST", "/tasks/assign", { body })).toMatchObject({
          agent_id: null,
          status: "pending",
        });
      },
      "takes a prompt of as many characters as the limit, counted as a person counts": async (world) => {
        await world.task({ prompt: "😀".repeat(10_000) });
      },
      "gives its defaults": async (world) => {
        expect(await world.ok("GET", `/tasks/${await world.task()}`)).toMatchObject({
          task_type: "general",
          priority: 1,
          timeout: 600,
          work: "simulated",
          metadata: {},
        });
      },
    },
  },
  teamAssign: {
    sample: async (world) => {
      for (const agent_type of ["aider", "opencode", "claude"]) await world.agent({ agent_type });
      return {
        path: "/tasks/assign/collaborative",
        body: { prompt: "Add multiplayer", team_size: 3, preferred_types: ["claude"] },
      };
    },
    badBodies: {
      "a team of one": [{ prompt: "p", team_size: 1 }, ["body", "team_size"]],
      "a team of eleven": [{ prompt: "p", team_size: 11 }, ["body", "team_size"]],
      "a blank prompt": [{ prompt: " ", team_size: 2 }, ["body", "prompt"]],
      "a word for a size": [{ prompt: "p", team_size: "two" }, ["body", "team_size"]],
      "an unknown field": [{ prompt: "p", team_size: 2, agent_id: "a" }, ["body", "agent_id"]],
    },
    errors: {
      storage_full: {
        options: { limits: { game_bytes: 20_000 } },
        run: async (world) => {
          const body = { prompt: "p".repeat(9_000), team_size: 2 };
          await world.fails("storage_full", "POST", "/tasks/assign/collaborative", { body });
          expect(await world.ok("GET", "/agents")).toEqual([]);
        },
      },
      not_enough_idle_agents: {
        options: { limits: { max_agents: 2 } },
        run: async (world) => {
          await world.agent();
          const body = { prompt: "Add multiplayer", team_size: 3 };
          await world.fails("not_enough_idle_agents", "POST", "/tasks/assign/collaborative", { body });
          expect(await world.ok("GET", "/tasks")).toEqual([]);
          expect(await world.ok("GET", "/agents")).toHaveLength(1);
        },
      },
    },
    behaviours: {
      "gives each member a task, in the order of the members, and says when the last one ends": async (
        world,
      ) => {
        for (let count = 0; count < 3; count += 1) await world.agent();
        const body = { prompt: "Add multiplayer", team_size: 3 };
        const team = await world.ok("POST", "/tasks/assign/collaborative", { body });
        for (const [index, task] of team.task_ids.entries()) {
          expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({
            team_id: team.team_id,
            agent_id: team.agent_ids[index],
          });
        }
        await world.advance(3_600_000);
        expect(world.events().filter(({ type }) => type === "team.completed")).toMatchObject([
          { data: { team_id: team.team_id, task_ids: team.task_ids } },
        ]);
      },
      "makes the members that are missing, on a server that was just started": async (world) => {
        const { as, game_id } = await world.game();
        const body = { prompt: "Add multiplayer", team_size: 3 };
        const { agent_ids } = await world.ok("POST", "/tasks/assign/collaborative", { body, as });
        expect(new Set(agent_ids).size).toBe(3);
        expect(await world.ok("GET", "/agents", { as })).toMatchObject([
          { game_id },
          { game_id },
          { game_id },
        ]);
      },
      "makes them of no game for a key, whatever games there are": async (world) => {
        const { as } = await world.game();
        await world.ok("POST", "/agents/create", { body: { agent_type: "aider" }, as });
        const body = { prompt: "Add multiplayer", team_size: 3 };
        const { agent_ids } = await world.ok("POST", "/tasks/assign/collaborative", { body });
        const agents = await Promise.all(agent_ids.map((id: string) => world.ok("GET", `/agents/${id}`)));
        expect(agents.map(({ agent }) => agent.game_id)).toEqual([null, null, null]);
      },
    },
  },
  taskList: {
    sample: async (world) => ({ path: `/tasks?limit=5&status=pending&agent_id=${await world.agent()}` }),
    errors: {
      game_not_found: async (world) => {
        const { as } = await world.game();
        const other = await world.game();
        await world.fails("game_not_found", "GET", `/tasks?game_id=${other.game_id}`, { as });
      },
    },
    behaviours: {
      "pages through all of them, oldest first, each once": async (world) => {
        const made = [await world.task(), await world.task(), await world.task()];
        const first = await world.call("GET", "/tasks?limit=2");
        const cursor = first.headers.get("x-next-cursor");
        const second = await world.call("GET", `/tasks?limit=2&cursor=${encodeURIComponent(String(cursor))}`);
        expect(second.headers.get("x-next-cursor")).toBeNull();
        expect([...first.json, ...second.json].map(({ id }) => id)).toEqual(made);
      },
      "filters by agent, team, status and game": async (world) => {
        const game = await world.game();
        const agent = await world.agent({}, game.as);
        const mine = await world.task({}, game.as);
        await world.task();
        for (const query of [`agent_id=${agent}`, "status=running", `game_id=${game.game_id}`]) {
          expect(await world.ok("GET", `/tasks?${query}`)).toMatchObject([{ id: mine }]);
        }
        expect(await world.ok("GET", "/tasks?team_id=none")).toEqual([]);
        expect(await world.ok("GET", "/tasks", { as: game.as })).toMatchObject([{ id: mine }]);
      },
    },
  },
  taskGet: {
    sample: async (world) => ({ path: `/tasks/${await world.endedTask()}/status` }),
    errors: {
      task_not_found: async (world) => {
        const { task, as } = await strangersTask(world);
        await world.fails("task_not_found", "GET", "/tasks/none/status");
        await world.fails("task_not_found", "GET", `/tasks/${task}/status`, { as });
        await world.fails("task_not_found", "GET", `/tasks/${task}`, { as });
      },
    },
    behaviours: {
      "answers the same at its shorter path": async (world) => {
        const task = await world.endedTask();
        expect(await world.ok("GET", `/tasks/${task}`)).toEqual(
          await world.ok("GET", `/tasks/${task}/status`),
        );
      },
      "tells the result when the task is over": async (world) => {
        const answer = await world.ok("GET", `/tasks/${await world.endedTask()}`);
        expect(["completed", "failed"]).toContain(answer.status);
        expect(answer.result).toMatchObject({ success: answer.status === "completed" });
      },
      "forgets the task after its time": async (world) => {
        const task = await world.endedTask();
        await world.advance(86_400_000);
        await world.fails("task_not_found", "GET", `/tasks/${task}`);
      },
    },
  },
  taskOutput: {
    sample: async (world) => ({ path: `/tasks/${await world.endedTask()}/output?offset=0` }),
    errors: {
      task_not_found: async (world) => {
        const { task, as } = await strangersTask(world);
        await world.fails("task_not_found", "GET", "/tasks/none/output");
        await world.fails("task_not_found", "GET", `/tasks/${task}/output`, { as });
      },
    },
    behaviours: {
      "is all that was written, each piece at its offset, and then the end": async (world) => {
        const task = await world.endedTask();
        const { status, result } = await world.ok("GET", `/tasks/${task}`);
        const { text, headers } = await world.call("GET", `/tasks/${task}/output`);
        expect(headers.get("content-type")).toBe("application/x-ndjson");
        const all = linesOf(text);
        expect(all.at(-1)).toEqual({ done: true, status });
        let offset = 0;
        for (const piece of all.slice(0, -1)) {
          expect(piece.offset).toBe(offset);
          offset += new TextEncoder().encode(piece.text).byteLength;
        }
        expect(
          all
            .slice(0, -1)
            .map(({ text: written }) => written)
            .join(""),
        ).toContain("simulated");
        expect(result.output).not.toBe("");
      },
      "goes on from any offset": async (world) => {
        const path = `/tasks/${await world.endedTask()}/output`;
        const [first, second, ...rest] = linesOf((await world.call("GET", path)).text);
        expect(first.offset).toBe(0);
        expect(linesOf((await world.call("GET", `${path}?offset=${second.offset}`)).text)).toEqual([
          second,
          ...rest,
        ]);
        const beyond = linesOf((await world.call("GET", `${path}?offset=9000000`)).text);
        expect(beyond).toEqual([rest.at(-1)]);
      },
      "streams while the task runs": async (world) => {
        await world.agent();
        const task = await world.task();
        const streamed = lines(await world.open("GET", `/tasks/${task}/output`));
        const early = [];
        for (let step = 0; step < 40 && early.length < 2; step += 1) {
          const next = streamed.next();
          await world.advance(2_000);
          early.push((await next).value);
        }
        expect(early[0]).toMatchObject({ offset: 0, stream: "stdout" });
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "running" });
        await world.advance(3_600_000);
        const late = [];
        for await (const line of streamed) late.push(line);
        expect(late.at(-1)).toMatchObject({ done: true });
        expect([...early, ...late]).toEqual(linesOf((await world.call("GET", `/tasks/${task}/output`)).text));
      },
      "can be left in the middle": async (world) => {
        await world.agent();
        const task = await world.task();
        const controller = new AbortController();
        const response = await world.open("GET", `/tasks/${task}/output`, {}, controller.signal);
        const streamed = lines(response);
        const next = streamed.next();
        await world.advance(2_000);
        expect((await next).value).toMatchObject({ offset: 0 });
        controller.abort();
        const rest = async () => {
          for await (const _line of streamed);
        };
        await expect(rest()).rejects.toMatchObject({ name: "AbortError" });
        await world.ok("GET", `/tasks/${task}`);
      },
      "refuses an offset that is none": async (world) => {
        const path = `/tasks/${await world.endedTask()}/output`;
        for (const query of ["offset=-1", "offset=", "offset=x", "offset=1.5"]) {
          expect(locations(await world.fails("invalid_request", "GET", `${path}?${query}`))).toEqual([
            ["query", "offset"],
          ]);
        }
      },
    },
  },
  taskCancel: {
    sample: async (world) => ({
      path: `/tasks/${await world.task()}/cancel`,
      body: { reason: "The jump is fine." },
    }),
    badBodies: {
      "a reason too long": [{ reason: "r".repeat(1_001) }, ["body", "reason"]],
      "a number for a reason": [{ reason: 1 }, ["body", "reason"]],
      "an unknown field": [{ why: "x" }, ["body", "why"]],
    },
    errors: {
      task_not_found: async (world) => {
        const { task, as } = await strangersTask(world);
        await world.fails("task_not_found", "POST", "/tasks/none/cancel");
        await world.fails("task_not_found", "POST", `/tasks/${task}/cancel`, { as });
        expect(await world.ok("GET", `/tasks/${task}`)).toMatchObject({ status: "pending" });
      },
      task_not_cancellable: async (world) => {
        await world.fails("task_not_cancellable", "POST", `/tasks/${await world.endedTask()}/cancel`);
        const task = await world.task();
        await world.ok("POST", `/tasks/${task}/cancel`);
        await world.fails("task_not_cancellable", "POST", `/tasks/${task}/cancel`);
      },
    },
    behaviours: {
      "needs no body": async (world) => {
        const task = await world.task();
        expect(await world.ok("POST", `/tasks/${task}/cancel`)).toMatchObject({
          task_id: task,
          status: "cancelled",
        });
      },
      "frees the agent and tells the reason": async (world) => {
        const agent = await world.agent();
        const task = await world.task();
        await world.ok("POST", `/tasks/${task}/cancel`, { body: { reason: "Lunch." } });
        expect((await world.ok("GET", `/agents/${agent}`)).agent).toMatchObject({ current_task_id: null });
        expect(world.events().find(({ type }) => type === "task.cancelled")).toMatchObject({
          data: { reason: "Lunch." },
        });
      },
    },
  },
};
