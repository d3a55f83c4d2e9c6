import { createMockBackend } from "../../mock-server/testing.js";
import type { Fault, TestBackend } from "../../mock-server/testing.js";
import { createRandom } from "../../mock-server/domain/index.js";
import type { AnyEvent } from "../../src/contract/index.js";
import { all, work } from "../domain/support.js";

type Json = ReturnType<typeof JSON.parse>;

/** What stands in everything that must not be taken. */
export const LIE = "lie";

/** A task as one worker knows it. */
interface Held {
  readonly id: string;
  readonly attempt: number;
  /** The last report that was answered, and so is taken for certain. */
  answered: number;
  /** Whether this worker was told that it is over. */
  over: boolean;
}

/** A process that works; one that has died makes no call any more. */
interface Hand {
  readonly id: string;
  /** Each has its own: what one was given, no other may speak of. */
  readonly key: string;
  readonly held: Held[];
  dead: boolean;
}

/** What a run came to. */
export interface Run {
  /** What was found to be wrong: nothing, where all is well. */
  readonly problems: readonly string[];
  /** How each task ended. */
  readonly ends: ReadonlyMap<string, readonly string[]>;
  /** How often work was begun, of all tasks. */
  readonly attempts: number;
  readonly faults: number;
}

const FAULTS: readonly Fault[] = [
  { path: "/workers/*", status: 503, chance: 0.08 },
  { path: "/workers/*", answer: "reset_peer", after: true, chance: 0.12 },
  { path: "/tasks/*", answer: "reset_peer", after: true, chance: 0.12 },
  { path: "/tasks/*", answer: "reset_peer", chance: 0.05 },
  { path: "/tasks/*", answer: "limit_data", chance: 0.05 },
  { path: "/tasks/*", answer: "html", chance: 0.03 },
];

const ADMIN = "development-key";
const STEPS = 40;
const KEYS = Array.from({ length: STEPS + 2 }, (_, place) => `secret-of-worker-${place}`);
/** Tasks of a run. */
export const TASKS = 5;
const LEASE_SECONDS = 10;

/** Follows the log, and says where it tells of a task what cannot be. */
function watch({ engine }: TestBackend, problems: string[]) {
  const attempts = new Map<string, number>();
  const ends = new Map<string, string[]>();
  engine.log.subscribe((event: AnyEvent) => {
    if (!event.type.startsWith("task.")) return;
    const { data } = event;
    const id = ("task_id" in data ? data.task_id : "task" in data ? data.task.id : null) ?? "";
    const ended = ends.get(id) ?? [];
    if (ended.length > 0) problems.push(`${id}: ${event.type} after ${ended.join()}`);
    switch (event.type) {
      case "task.assigned": {
        const { attempt } = event.data.task;
        if (attempt < (attempts.get(id) ?? 1)) problems.push(`${id}: attempt ${attempt} again`);
        attempts.set(id, attempt);
        return;
      }
      case "task.progress": {
        const { message } = event.data;
        if (message.includes(LIE)) problems.push(`${id}: took "${message}"`);
        if (/^attempt \d+$/.test(message) && message !== `attempt ${attempts.get(id) ?? 1}`)
          problems.push(`${id}: "${message}" in attempt ${attempts.get(id) ?? 1}`);
        return;
      }
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        ends.set(id, [...ended, event.type]);
        return;
      default:
    }
  });
  return { attempts, ends };
}

/** Plays workers that die, lie, are cut off and come back, from a seed; then an honest one finishes what is left. */
export async function runWorkers(seed: number): Promise<Run> {
  const backend = createMockBackend({
    seed,
    clock: "manual",
    workBy: "workers",
    apiKeys: [ADMIN, ...KEYS.map((secret, place) => `desk-${place}:worker:${secret}`)],
    limits: { lease_seconds: LEASE_SECONDS, max_attempts: 3, rate_limit_per_minute: 1_000_000 },
  });
  const { engine, faults } = backend;
  const chance = createRandom(seed).fork("workers");
  const upTo = (count: number): number => Math.floor(chance.next() * count);
  const oneOf = <T>(list: readonly T[]): T | undefined => list[upTo(list.length)];
  const problems: string[] = [];
  const { attempts, ends } = watch(backend, problems);

  /** Makes a call; null where its answer was lost, one way or another. */
  const call = async (key: string, method: string, path: string, body?: Json): Promise<Json> => {
    const headers = { "X-API-Key": key, "Content-Type": "application/json" };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      const answer = await backend.fetch(backend.connection().endpoint + path, { method, headers, ...given });
      return await answer.json();
    } catch {
      return null;
    }
  };

  const hands: Hand[] = [];
  let joins = 0;
  const join = async (): Promise<void> => {
    const body = { name: "desk", agent_types: ["*"], slots: 1 + upTo(2) };
    const key = KEYS[(joins += 1)] ?? ADMIN;
    const answer = await call(key, "POST", "/workers", body);
    if (answer?.success === true) hands.push({ id: answer.worker_id, key, held: [], dead: false });
  };
  const claim = async (hand: Hand): Promise<void> => {
    const answer = await call(hand.key, "POST", `/workers/${hand.id}/claim`, {});
    if (answer?.error_code === "worker_not_found") hand.dead = true;
    for (const { task, attempt } of answer?.jobs ?? []) {
      const known = hand.held.some((held) => held.id === task.id && held.attempt === attempt);
      if (!known) hand.held.push({ id: task.id, attempt, answered: 0, over: false });
    }
  };
  /** Whether something of an attempt may be taken now. */
  const isUnderWay = ({ id, attempt }: Held): boolean => {
    const task = engine.tasks.get(all, id);
    return task.status === "running" && task.attempt === attempt;
  };
  const wrongAttempt = ({ held }: Hand, { id, attempt }: Held): number => {
    const wrong = attempt + (chance.next() < 0.5 ? 1 : -1);
    return held.some((own) => own.id === id && own.attempt === wrong) ? attempt + 9 : wrong;
  };
  const report = async (hand: Hand, held: Held, isLie: boolean): Promise<void> => {
    const mayBeTaken = isUnderWay(held);
    const again = isLie && held.answered > 0 && chance.next() < 0.5;
    const attempt = isLie && !again ? wrongAttempt(hand, held) : held.attempt;
    // Of one whose answer was lost nobody knows whether it was taken: it goes out again as it was.
    const number = again ? held.answered : held.answered + (isLie && chance.next() < 0.3 ? 5 : 1);
    const says = isLie || !mayBeTaken ? LIE : `attempt ${held.attempt}`;
    const reports = [{ progress: chance.next(), message: says }, { output: { text: `${says}\n` } }];
    const answer = await call(hand.key, "POST", `/tasks/${held.id}/report`, { attempt, number, reports });
    const isTaken = answer?.success === true && answer.cancelled === false;
    if (isTaken && !mayBeTaken) problems.push(`${held.id}: a report of attempt ${attempt} was taken`);
    if (isTaken && !isLie) held.answered = number;
    if (answer?.success === true && answer.cancelled === true) held.over = true;
  };
  const finish = async ({ key }: Hand, held: Held): Promise<void> => {
    const mayBeTaken = isUnderWay(held);
    const isGood = chance.next() < 0.7;
    const outcome = isGood
      ? { success: true }
      : { success: false, error: { code: "broken", message: "No." } };
    const answer = await call(key, "POST", `/tasks/${held.id}/finish`, { attempt: held.attempt, ...outcome });
    if (answer?.success === true && !mayBeTaken) problems.push(`${held.id}: it was finished from nowhere`);
    if (answer?.success === true) held.over = true;
  };

  for (let count = 0; count < 3; count += 1) engine.agents.create(all, { agent_type: "aider" });
  for (let count = 0; count < TASKS; count += 1)
    engine.tasks.assign(all, work({ timeout: chance.next() < 0.2 ? 20 : 3_600 }));
  for (const fault of FAULTS) faults.add(fault);

  for (let step = 0; step < STEPS; step += 1) {
    const hand = oneOf(hands.filter(({ dead }) => !dead));
    if (hand === undefined) {
      await join();
      continue;
    }
    // Those that are over are tried as well: whoever does not know it, or does not care, must come to nothing.
    const held = oneOf(hand.held);
    const dice = chance.next();
    if (dice < 0.3) await claim(hand);
    else if (dice < 0.52 && held) await report(hand, held, false);
    else if (dice < 0.64 && held) await report(hand, held, true);
    else if (dice < 0.74 && held) await finish(hand, held);
    else if (dice < 0.79) hand.dead = true;
    else if (dice < 0.83) await join();
    else if (dice < 0.86) await call(hand.key, "DELETE", `/workers/${hand.id}`);
    else if (dice < 0.89)
      await call(
        ADMIN,
        "POST",
        `/tasks/${oneOf([...engine.tasks.list(all, {}).items])?.id ?? ""}/cancel`,
        {},
      );
    else backend.clock.advance(upTo(LEASE_SECONDS) * 1_000);
  }
  const struck = faults.list().reduce((sum, { used }) => sum + used, 0);
  faults.clear();

  await join();
  const honest = hands.at(-1);
  for (let step = 0; honest !== undefined && ends.size < TASKS && step < 100; step += 1) {
    await claim(honest);
    for (const held of honest.held) if (isUnderWay(held)) await finish(honest, held);
    backend.clock.advance(3_000);
  }

  // Whoever goes on all the same is told no, or that it was cancelled.
  for (const hand of hands) for (const held of hand.held) await report(hand, held, false);
  for (const task of engine.tasks.list(all, {}).items) {
    const output = task.result?.output ?? "";
    if (output.includes(LIE)) problems.push(`${task.id}: its output has what must not be taken`);
    const begun = output.split("\n").flatMap((line) => Number(line.slice("attempt ".length)) || []);
    if (begun.some((attempt, place) => attempt < (begun[place - 1] ?? 0)))
      problems.push(`${task.id}: its output goes back to an attempt that was over`);
  }
  for (const agent of engine.agents.list(all, {}).items)
    if (agent.state !== "idle") problems.push(`${agent.id}: is ${agent.state} with nothing to do`);
  const busy = (await call(ADMIN, "GET", "/workers")).reduce(
    (sum: number, one: Json) => sum + Number(one.busy),
    0,
  );
  if (busy > 0) problems.push(`${busy} tasks are held for ever`);
  backend.close();
  const sum = [...attempts.values()].reduce((total, attempt) => total + attempt, 0);
  return { problems, ends, attempts: sum, faults: struck };
}
