import { expect } from "vitest";
import { cuedDiff } from "../../work/cued-work.js";
import { locations } from "../world.js";
import type { As, World } from "../world.js";
import type { CasesOf } from "./case.js";
import { asked, claim, options, reviewable, reviewed, reviewsOf, worker } from "./worker-calls.js";

/** A task whose agent has asked something, or has changed something. */
async function cued(
  world: World,
  task_type: "asking" | "wording" | "changing",
  as?: As,
  prompt = "The jump",
) {
  const agent = await world.agent({}, as);
  const task = await world.task({ agent_id: agent, task_type, prompt }, as);
  const { question } = await world.ok("GET", `/tasks/${task}`, { as });
  return { agent, task, question, path: `/tasks/${task}` };
}

/** The calls between whoever plays and whoever works on a task. */
export const taskWorkCases: CasesOf<"taskAnswer" | "taskDiff" | "taskReview"> = {
  taskAnswer: {
    sample: async (world) => {
      const { path, question } = await cued(world, "asking");
      return { path: `${path}/answer`, body: { question_id: question.question_id, choice: "red" } };
    },
    badBodies: {
      "no question": [{ choice: "red" }, ["body", "question_id"]],
      "a choice that is no id": [{ question_id: "q", choice: "as red as can be" }, ["body", "choice"]],
      "words that are too many": [{ question_id: "q", text: "x".repeat(4_001) }, ["body", "text"]],
      "a number for words": [{ question_id: "q", text: 7 }, ["body", "text"]],
      "an unknown field": [{ question_id: "q", colour: "red" }, ["body", "colour"]],
    },
    errors: {
      task_not_found: async (world) => {
        const { path, question } = await cued(world, "asking");
        const { as } = await world.game();
        const body = { question_id: question.question_id, choice: "red" };
        await world.fails("task_not_found", "POST", "/tasks/none/answer", { body });
        await world.fails("task_not_found", "POST", `${path}/answer`, { body, as });
        expect(await world.ok("GET", path)).toMatchObject({ question });
      },
      no_such_question: async (world) => {
        const first = await cued(world, "asking");
        const second = await cued(world, "asking");
        const { question_id } = first.question;
        const ofOther = { body: { question_id: second.question.question_id, choice: "red" } };
        await world.fails("no_such_question", "POST", `${first.path}/answer`, ofOther);
        await world.ok("POST", `${first.path}/answer`, { body: { question_id, choice: "red" } });
        const again = { body: { question_id, choice: "blue" } };
        const { error } = await world.fails("no_such_question", "POST", `${first.path}/answer`, again);
        expect(error).toContain("the first answer counts: 'red'");
        await world.advance(60_000);
        const { error: late } = await world.fails(
          "no_such_question",
          "POST",
          `${second.path}/answer`,
          ofOther,
        );
        expect(late).toContain("nobody has answered it in time");
      },
    },
    behaviours: {
      "answers with an option, and the task goes on": async (world) => {
        const { agent, path, question } = await cued(world, "asking");
        expect(question).toMatchObject({ kind: "choice", text: "Red or blue?", about: null });
        expect((await world.ok("GET", `/agents/${agent}`)).agent).toMatchObject({ state: "waiting" });
        const body = { question_id: question.question_id, choice: "blue" };
        await world.ok("POST", `${path}/answer`, { body });
        expect(await world.ok("GET", path)).toMatchObject({
          status: "completed",
          question: null,
          result: { output: "blue by player\n" },
        });
        const types = world.events().map(({ type }) => type);
        expect(types.slice(types.indexOf("task.question"))).toEqual([
          "task.question",
          "agent.state_changed",
          "task.answered",
          "agent.state_changed",
          "task.completed",
          "agent.state_changed",
        ]);
      },
      "answers with words, as a session of the task's game": async (world) => {
        const { as } = await world.game();
        const { path, question } = await cued(world, "wording", as);
        const body = { question_id: question.question_id, text: "Zoë's jump" };
        await world.ok("POST", `${path}/answer`, { body, as });
        expect((await world.ok("GET", path, { as })).result.output).toBe("Zoë's jump by player\n");
      },
      "closes the question by itself when nobody answers": async (world) => {
        const { path } = await cued(world, "asking");
        await world.advance(60_000);
        expect((await world.ok("GET", path)).result.output).toBe("nothing by time\n");
      },
      "refuses what is no answer to the question, which stays open": async (world) => {
        const { path, question } = await cued(world, "asking");
        const words = await cued(world, "wording");
        const { question_id } = question;
        const refused = async (to: string, body: object) =>
          locations(await world.fails("invalid_request", "POST", `${to}/answer`, { body }));
        expect(await refused(path, { question_id, choice: "green" })).toEqual([["body", "choice"]]);
        expect(await refused(path, { question_id, text: "red" })).toEqual([["body", "text"]]);
        expect(await refused(path, { question_id })).toEqual([["body", "choice"]]);
        const other = words.question.question_id;
        expect(await refused(words.path, { question_id: other, choice: "red" })).toEqual([
          ["body", "choice"],
        ]);
        expect(await refused(words.path, { question_id: other })).toEqual([["body", "text"]]);
        expect(await world.ok("GET", path)).toMatchObject({ question });
      },
    },
  },
  taskDiff: {
    sample: async (world) => ({ path: `${(await cued(world, "changing")).path}/diff` }),
    errors: {
      task_not_found: async (world) => {
        const { path } = await cued(world, "changing");
        const { as } = await world.game();
        await world.fails("task_not_found", "GET", "/tasks/none/diff");
        await world.fails("task_not_found", "GET", `${path}/diff`, { as });
      },
      no_changes: async (world) => {
        await world.fails("no_changes", "GET", `/tasks/${await world.task()}/diff`);
        await world.fails("no_changes", "GET", `/tasks/${await world.endedTask()}/diff`);
      },
    },
    behaviours: {
      "is the text of what was changed": async (world) => {
        const { as } = await world.game();
        const { path } = await cued(world, "changing", as);
        const { text, headers } = await world.call("GET", `${path}/diff`, { as });
        expect(text).toBe(cuedDiff);
        expect(headers.get("content-type")).toBe("text/x-diff; charset=utf-8");
      },
    },
  },
  taskReview: {
    sample: async (world) => ({
      path: `${(await cued(world, "changing")).path}/review`,
      body: { verdict: "accept", message: "Good" },
    }),
    badBodies: {
      "no verdict": [{}, ["body", "verdict"]],
      "a verdict that is none": [{ verdict: "accepted" }, ["body", "verdict"]],
      "a message too long": [{ verdict: "accept", message: "m".repeat(1_001) }, ["body", "message"]],
      "an unknown field": [{ verdict: "accept", why: "x" }, ["body", "why"]],
    },
    errors: {
      task_not_found: async (world) => {
        const { path } = await cued(world, "changing");
        const { as } = await world.game();
        const body = { verdict: "discard" };
        await world.fails("task_not_found", "POST", "/tasks/none/review", { body });
        await world.fails("task_not_found", "POST", `${path}/review`, { body, as });
        expect((await world.ok("GET", path)).changes.review).toBe("open");
      },
      no_changes: async (world) => {
        const body = { verdict: "accept" };
        await world.fails("no_changes", "POST", `/tasks/${await world.endedTask()}/review`, { body });
        await world.fails("no_changes", "POST", `/tasks/${await world.task()}/review`, { body });
      },
      merge_conflict: async (world) => {
        const { path } = await cued(world, "changing", undefined, "Something in conflict");
        const body = { verdict: "accept" };
        const refused = await world.fails("merge_conflict", "POST", `${path}/review`, { body });
        expect(locations(refused)).toEqual([["changes", "files", "player.ts"]]);
        expect((await world.ok("GET", path)).changes.review).toBe("open");
      },
      already_reviewed: async (world) => {
        const { path } = await cued(world, "changing");
        await world.ok("POST", `${path}/review`, { body: { verdict: "discard" } });
        await world.ok("POST", `${path}/review`, { body: { verdict: "discard" } });
        await world.fails("already_reviewed", "POST", `${path}/review`, { body: { verdict: "accept" } });
        expect(world.events().filter(({ type }) => type === "task.reviewed")).toHaveLength(1);
      },
      review_under_way: {
        options,
        run: async (world) => {
          const { task, review_id, answered } = await asked(world);
          const path = `/tasks/${task}/review`;
          const refused = await world.fails("review_under_way", "POST", path, {
            body: { verdict: "discard" },
          });
          expect(refused.error).toContain("is being accepted");
          await reviewed(world, task, { review_id });
          expect((await answered).status).toBe(200);
        },
      },
      review_failed: {
        options,
        run: async (world) => {
          const { task, worker_id } = await reviewable(world);
          await world.ok("DELETE", `/workers/${worker_id}`, { as: worker });
          const path = `/tasks/${task}/review`;
          const refused = await world.fails("review_failed", "POST", path, { body: { verdict: "accept" } });
          expect(refused.error).toContain("The worker 'desk-1'");
          expect(refused.error).toContain("Start it again");
          expect((await world.ok("GET", `/tasks/${task}`)).changes.review).toBe("open");
        },
      },
      review_timeout: {
        options,
        run: async (world) => {
          const { worker_id, task } = await reviewable(world);
          const body = { verdict: "accept" };
          const refused = world.fails("review_timeout", "POST", `/tasks/${task}/review`, { body });
          const [{ review_id }] = await reviewsOf(world, worker_id);
          for (let beat = 0; beat < 3; beat += 1) {
            await world.advance(15_000);
            await claim(world, worker_id);
          }
          await world.advance(15_000);
          expect((await refused).error).toContain("has said nothing for 60 s");
          const late = { as: worker, body: { review_id } };
          await world.fails("no_such_review", "POST", `/tasks/${task}/reviewed`, late);
          expect((await world.ok("GET", `/tasks/${task}`)).changes.review).toBe("open");
        },
      },
    },
    behaviours: {
      "accepts what was changed, for everybody, as a session of the task's game": async (world) => {
        const { as, game_id } = await world.game();
        const { path, task, agent } = await cued(world, "changing", as);
        const { changes } = await world.ok("POST", `${path}/review`, { body: { verdict: "accept" }, as });
        expect(changes).toMatchObject({ review: "accepted", base: "main", files: [{ path: "player.ts" }] });
        expect(await world.ok("GET", path)).toMatchObject({ changes, result: { changes } });
        expect(world.events().at(-1)).toMatchObject({
          type: "task.reviewed",
          game_id,
          data: { task_id: task, agent_id: agent, changes },
        });
      },
    },
  },
};
