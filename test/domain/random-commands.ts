import fc from "fast-check";
import { expect } from "vitest";
import { DEFAULT_LIMITS, type Limits, type Task } from "../../src/contract/index.js";
import { EngineError } from "../../mock-server/domain/index.js";
import { slowReviews } from "../../mock-server/domain/slow-reviews.js";
import { createSimulatedWork } from "../../mock-server/work/simulated/index.js";
import { workerCalls } from "../../mock-server/domain/workers.js";
import type { KeptPlan } from "../../mock-server/work/simulated/kept-plan.js";
import type { Job, Work } from "../../mock-server/work/work.js";
import { all, ofGame, rig, teamWork, work, type Rig, type RigOptions } from "./support.js";

const TYPES = ["aider", "opencode", "claude", "custom"];
export const GAMES = ["red", "blue"];
const nth = fc.nat({ max: 5 });
const scope = fc.constantFrom(all, ofGame("red"), ofGame("blue"));
const type = fc.constantFrom(...TYPES);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const colour = { kind: "choice", text: "Red or blue?", options: ["red", "blue"] } as const;
const changes = {
  branch: "work",
  base: "main",
  commit: null,
  files: [{ path: "player.ts", status: "added" as const, insertions: 900, deletions: 0 }],
  insertions: 900,
  deletions: 0,
};

const metadata = optional(fc.nat({ max: 2_000 }).map((length) => ({ note: "x".repeat(length) })));

const create = fc.record({
  do: fc.constant("create" as const),
  scope,
  type,
  sceneless: fc.boolean(),
  metadata,
});
const assign = fc.record({
  do: fc.constant("assign" as const),
  scope,
  agent: optional(nth),
  task_type: fc.constantFrom("general", "debugging", "teaching"),
  preferred: optional(type),
  priority: fc.nat({ max: 4 }),
  timeout: fc.constantFrom(1, 5, 600),
  metadata,
});
const advance = fc.record({
  do: fc.constant("advance" as const),
  ms: fc.oneof(fc.constantFrom(50, 1_000, 5_000), fc.integer({ min: 1, max: 15_000 })),
});

const command = fc.oneof(
  { arbitrary: create, weight: 4 },
  { arbitrary: assign, weight: 6 },
  { arbitrary: advance, weight: 4 },
  fc.record({ do: fc.constant("team" as const), scope, size: fc.integer({ min: 2, max: 3 }), type }),
  fc.record({ do: fc.constant("cancel" as const), scope, task: nth }),
  fc.record({
    do: fc.constant("move" as const),
    scope,
    agent: nth,
    x: nth,
    sequence: optional(nth),
    client: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({ do: fc.constant("remove" as const), scope, agent: nth }),
  fc.record({
    do: fc.constant("connect" as const),
    game: fc.constantFrom(...GAMES),
    keep: optional(fc.boolean()),
  }),
  fc.record({ do: fc.constant("disconnect" as const), session: nth }),
  fc.record({ do: fc.constant("touch" as const), session: nth }),
  fc.record({ do: fc.constant("keyed" as const), scope, key: nth, type, size: fc.constantFrom(10, 700) }),
  fc.record({ do: fc.constant("report" as const), game: fc.constantFrom(...GAMES, null), ms: nth }),
  fc.record({ do: fc.constant("token" as const), session: nth }),
  fc.record({
    do: fc.constant("join" as const),
    type: fc.constantFrom("custom", "*"),
    slots: fc.constantFrom(1, 3),
    reviews: fc.boolean(),
  }),
  fc.record({ do: fc.constant("claim" as const), worker: nth, slots: fc.constantFrom(1, 3) }),
  fc.record({
    do: fc.constant("told" as const),
    task: nth,
    number: fc.constantFrom(1, 2, 3),
    attempt: fc.constantFrom(1, 1, 2),
    asks: fc.boolean(),
  }),
  fc.record({ do: fc.constant("done" as const), task: nth, fails: fc.boolean() }),
  fc.record({
    do: fc.constant("observe" as const),
    worker: nth,
    sessions: fc.subarray(["one", "two"] as const),
    turn: fc.constantFrom(0, 1, 2),
    game: fc.constantFrom(...GAMES, undefined),
  }),
  fc.record({ do: fc.constant("part" as const), worker: nth }),
  fc.record({ do: fc.constant("scene" as const), game: fc.constantFrom(...GAMES) }),
  fc.record({ do: fc.constant("ask" as const), task: nth, seconds: fc.constantFrom(2, 300) }),
  fc.record({ do: fc.constant("answer" as const), scope, task: nth, choice: fc.constantFrom("red", "blue") }),
  fc.record({ do: fc.constant("withdraw" as const), task: nth }),
  fc.record({ do: fc.constant("state" as const), task: nth, state: fc.constantFrom("coding", "moving") }),
  fc.record({ do: fc.constant("child" as const), task: nth, child: nth, gone: fc.boolean() }),
  fc.record({ do: fc.constant("finish" as const), task: nth, lines: fc.constantFrom(0, 3, 900) }),
  fc.record({
    do: fc.constant("review" as const),
    scope,
    task: nth,
    verdict: fc.constantFrom("accept", "discard"),
  }),
  fc.record({
    do: fc.constant("reviewed" as const),
    task: nth,
    outcome: fc.constantFrom({ conflicts: [] }, { conflicts: ["player.ts"] }, { error: "It is broken." }),
  }),
);
export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Limits that are met soon. */
export const limits = fc.record({
  max_agents: fc.integer({ min: 1, max: 9 }),
  min_idle_agents: fc.nat({ max: 2 }),
  auto_spawn: fc.boolean(),
  completed_task_ttl_seconds: fc.integer({ min: 5, max: 60 }),
  session_ttl_seconds: fc.integer({ min: 5, max: 60 }),
  leave_grace_seconds: fc.nat({ max: 30 }),
  event_buffer: fc.integer({ min: 1, max: 40 }),
  game_bytes: fc.constantFrom(DEFAULT_LIMITS.game_bytes, 20_000, 8_000),
  lease_seconds: fc.constantFrom(3, 30),
  max_attempts: fc.constantFrom(1, 2),
});

/** Runs a command; what it names by number is looked up as it is then. Only errors of the contract are let pass. */
export function run(
  { engine, clock, jobs }: Rig & Partial<Prepared>,
  sessions: string[],
  given: Command,
): void {
  const agentAt = (place: number) => engine.agents.list(all, {}).items[place]?.id ?? "agent_none";
  const taskAt = (place: number) => engine.tasks.list(all, {}).items[place]?.id ?? "task_none";
  /** One of the tasks that are so, whatever the number is; most numbers would name none. */
  const taskThat = (fits: (task: Task) => boolean, place: number) => {
    const some = engine.tasks.list(all, {}).items.filter(fits);
    return some[place % some.length]?.id ?? "task_none";
  };
  const jobAt = (place: number) => jobs?.get(taskThat(({ status }) => status === "running", place));
  const workers = engine.extend(workerCalls);
  const reviews = engine.extend(slowReviews);
  const workerAt = (place: number) => workers.list()[place]?.worker_id ?? "worker_none";
  const heldAt = (place: number) => taskThat(({ work: by }) => by === "worker" || by === "observed", place);
  const asks = ({ question }: Task) => question !== null;
  const sessionAt = (place: number) => sessions[place] ?? "session_none";
  try {
    switch (given.do) {
      case "create": {
        const scene_id = given.sceneless ? {} : { scene_id: "hall" };
        const own = given.metadata === undefined ? {} : { metadata: given.metadata };
        engine.agents.create(given.scope, { agent_type: given.type, ...scene_id, ...own });
        return;
      }
      case "assign": {
        const { task_type, priority, timeout } = given;
        const agent = given.agent === undefined ? {} : { agent_id: agentAt(given.agent) };
        const preferred = given.preferred === undefined ? {} : { preferred_type: given.preferred };
        const own = given.metadata === undefined ? {} : { metadata: given.metadata };
        const body = work({ task_type, priority, timeout, ...agent, ...preferred, ...own });
        engine.tasks.assign(given.scope, body);
        return;
      }
      case "team":
        engine.tasks.assignTeam(
          given.scope,
          teamWork({ team_size: given.size, preferred_types: [given.type] }),
        );
        return;
      case "cancel":
        engine.tasks.cancel(given.scope, taskAt(given.task), null);
        return;
      case "move": {
        const sequence = given.sequence === undefined ? {} : { sequence: given.sequence };
        const position = { x: given.x, y: 0, z: 0 };
        const update = { agent_id: agentAt(given.agent), position, ...sequence };
        engine.agents.move(given.scope, update, `client_${given.client}`);
        return;
      }
      case "remove":
        return engine.agents.remove(given.scope, agentAt(given.agent));
      case "connect": {
        const keep = given.keep === undefined ? {} : { keep: given.keep };
        sessions.push(
          engine.games.connect({ game_id: given.game, ...keep }, `hash_${sessions.length}`).session_id,
        );
        return;
      }
      case "keyed": {
        const owner = given.scope.kind === "game" ? `game:${given.scope.game_id}` : "key:1";
        engine.command(() => {
          if (engine.answers.find(owner, `k${given.key}`, given.type).kind !== "new") return;
          const { id } = engine.agents.create(given.scope, { agent_type: given.type });
          engine.answers.keep(owner, `k${given.key}`, given.type, { id, note: "x".repeat(given.size) });
        });
        return;
      }
      case "report": {
        const at = "2026-01-01T00:00:00.000Z";
        const call = { type: "call", at, call: "GET /agents", retries: 0, error: null } as const;
        return engine.analytics.report(given.game, [{ ...call, duration_ms: given.ms }]);
      }
      case "token": {
        const session = sessionAt(given.session);
        return engine.games.giveToken(session, `hash_of_one_more_token_of_${session}_${engine.log.seq}`);
      }
      case "disconnect":
        return engine.games.disconnect(sessionAt(given.session));
      case "touch":
        engine.games.touch(sessionAt(given.session));
        return;
      case "scene":
        engine.scenes.put(all, "hall", {
          game_id: given.game,
          workspaces: [{ id: "desk", position: { x: 1, y: 2, z: 3 } }],
        });
        return;
      case "join":
        workers.join("key:1", {
          name: "desk",
          agent_types: [given.type],
          slots: given.slots,
          reviews: given.reviews,
        });
        return;
      case "claim":
        workers.claim("key:1", workerAt(given.worker), { slots: given.slots, wait_ms: 0 });
        return;
      case "told": {
        const reports = [
          { state: "coding" as const },
          { output: { stream: "stdout" as const, text: "more\n" } },
          ...(given.asks ? [{ question: { ...colour, options: [...colour.options], seconds: 5 } }] : []),
        ];
        workers.report(null, heldAt(given.task), { attempt: given.attempt, number: given.number, reports });
        return;
      }
      case "done": {
        const error = { code: "wrong", message: "It is wrong." };
        const told = given.fails ? { error } : { changes };
        const body = { attempt: 1, output: "Done\n", success: !given.fails, ...told };
        return workers.finish(null, heldAt(given.task), body);
      }
      case "observe": {
        const { turn: number, game: game_id } = given;
        const turn = number === 0 ? {} : { turn: { number, prompt: "Look" } };
        const sessions = given.sessions.map((session) => {
          return { session, agent_type: "custom", name: session, ...turn };
        });
        workers.observe(null, workerAt(given.worker), {
          sessions,
          ...(game_id !== undefined && { game_id }),
        });
        return;
      }
      case "part":
        workers.leave("key:1", workerAt(given.worker));
        return;
      case "ask":
        jobAt(given.task)?.ask({ ...colour, seconds: given.seconds });
        return;
      case "answer": {
        const taskId = taskThat(asks, given.task);
        const question_id = engine.tasks.get(given.scope, taskId).question?.question_id ?? "none";
        engine.tasks.answer(given.scope, taskId, { question_id, choice: given.choice });
        return;
      }
      case "withdraw": {
        const job = jobs?.get(taskThat(asks, given.task));
        job?.withdraw(job.task.question?.question_id ?? "none");
        return;
      }
      case "state":
        jobAt(given.task)?.state(given.state);
        return;
      case "child":
        jobAt(given.task)?.child(`c${given.child}`, given.gone ? "gone" : { state: "thinking" });
        return;
      case "finish": {
        const usage = { input_tokens: 7, output_tokens: given.lines, cost_usd: null, model: null };
        const diff = "+x\n".repeat(given.lines);
        const outcome = given.lines === 0 ? { usage } : { output: "Done\n", changes, diff, usage };
        jobAt(given.task)?.finish(null, outcome);
        return;
      }
      case "review": {
        const taskId = taskThat(({ changes: made }) => made !== null, given.task);
        const body = { verdict: given.verdict };
        if (engine.tasks.review(given.scope, taskId, body) === null) reviews.begin(given.scope, taskId, body);
        return;
      }
      case "reviewed": {
        const asked = engine.snapshot().world.reviews;
        const review = asked[given.task % asked.length];
        if (review) reviews.end(review.task_id, review.review_id, given.outcome);
        return;
      }
      case "advance":
        clock.advance(given.ms);
        engine.runDue();
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.code).not.toBe("internal");
  }
}

/** Many commands of all kinds. */
export const commands = fc.array(command, { minLength: 1, maxLength: 60, size: "max" });

/** Many that nobody needs a worker's job for, which an engine that goes on from a snapshot has not handed out. */
export const calls = commands.map((given) => {
  return given.filter(({ do: what }) => !["ask", "withdraw", "state", "child", "finish"].includes(what));
});

/** An engine whose tasks can be reported on. */
export interface Prepared extends Rig {
  /** The newest job of each task. */
  readonly jobs: ReadonlyMap<string, Job>;
}

/** The simulation, with its jobs at hand; but what agents of the type `custom` do is done by workers. */
export function watchedWork(jobs = new Map<string, Job>()): Work {
  const simulated = createSimulatedWork();
  return {
    ...simulated,
    kindOf: (task, agent) => (agent?.type === "custom" ? "worker" : simulated.kindOf(task, agent)),
    begin(job: Job<KeptPlan>) {
      if (job.agent.type === "custom") return;
      jobs.set(job.task.id, job);
      simulated.begin(job);
    },
    reviewsLater: ({ task_type }) => task_type === "teaching",
    recall: (kept, wakes, task) =>
      kept === undefined && !wakes ? { ok: true, value: {} } : simulated.recall(kept, wakes, task),
  };
}

/** An engine with two games and a scene in each. */
export function prepared(
  seed: number,
  someLimits: Partial<Limits>,
  options: RigOptions = {},
): { tested: Prepared; sessions: string[] } {
  const jobs = new Map<string, Job>();
  const tested = { ...rig({ seed, limits: someLimits, work: watchedWork(jobs), ...options }), jobs };
  const sessions = GAMES.map((game_id) => tested.engine.games.connect({ game_id }).session_id);
  for (const game of GAMES) run(tested, sessions, { do: "scene", game });
  return { tested, sessions };
}

/** Making a failing example small is given up after this time, so that a failure is not a hang. */
export const patience = { interruptAfterTimeLimit: 60_000 };
