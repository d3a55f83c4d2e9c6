import { DIRECT } from "../../src/contract/index.js";
import { playRoutes } from "../../src/contract/play-routes.js";
import { workerRoutes } from "../../src/contract/routes/workers.js";
import type { RouteName } from "../../src/contract/index.js";
import { createRandom } from "../../mock-server/domain/index.js";
import { createMockBackend } from "../../mock-server/testing.js";
import type { CallFault, TestBackend } from "../../mock-server/testing.js";
import { all } from "../domain/support.js";
import { read } from "../lib/read.js";
import { signed, WorkerWatch } from "./misbehaving-watch.js";

const routes = { ...playRoutes, ...workerRoutes };

const LEASE_SECONDS = 5;
const PLAYER = "secret-of-the-player";
const TYPES = ["aider", "claude"];

/** What tasks change here. */
const changes = { branch: "work", base: "main", commit: null, files: [], insertions: 0, deletions: 0 };

/** A task in the hands of a worker, as the worker believes it. */
interface Held {
  readonly task: string;
  readonly attempt: number;
  /** Of its last report. */
  number: number;
  question: string | null;
}

/** A process that works. What it holds it goes on to hold, also what it has lost long since. */
interface Process {
  readonly name: string;
  readonly key: string;
  id: string;
  /** Whether it says nothing for now. */
  silent: boolean;
  readonly held: Held[];
  /** The reviews that it was asked for, at the most ten. */
  readonly asked: { readonly task: string; readonly review_id: string }[];
}

/** What a call came to; null where no answer came that can be read. */
type Said = ReturnType<typeof JSON.parse>;

/** One seeded run of players and of workers that do everything that they must not, over calls that break. */
export class WorkerRun {
  readonly #random;
  readonly #backend: TestBackend;
  readonly #watch: WorkerWatch;
  readonly #processes: Process[];
  /** Calls that were begun. */
  readonly #pending = new Set<Promise<Said>>();
  readonly #steps: readonly (readonly [weight: number, step: () => Promise<void> | void])[];

  constructor(seed: number) {
    this.#random = createRandom(seed);
    const max_attempts = 1 + (seed % 3);
    const names = ["ann", "bob", "cid"];
    this.#processes = names.map((name) => ({
      name,
      key: `secret-of-${name}`,
      id: "worker_none",
      silent: false,
      held: [],
      asked: [],
    }));
    this.#backend = createMockBackend({
      seed,
      clock: "manual",
      workBy: "workers",
      apiKeys: [PLAYER, ...names.map((name) => `${name}:worker:secret-of-${name}`)],
      limits: { lease_seconds: LEASE_SECONDS, max_attempts, rate_limit_per_minute: 1_000_000 },
    });
    this.#watch = new WorkerWatch(this.#backend, max_attempts);
    this.#steps = [
      [6, () => this.#assign()],
      [12, () => this.#claim(this.#process())],
      [20, () => this.#report(this.#process())],
      [4, () => this.#finish(this.#process())],
      [3, () => this.#lie(this.#process())],
      [2, () => this.#flood(this.#process())],
      [1, () => this.#join(this.#process())],
      [1, () => this.#leave(this.#process())],
      [2, () => this.#fallSilent(this.#process())],
      [1, () => this.#cancel()],
      [5, () => this.#answer()],
      [3, () => this.#review()],
      [6, () => this.#tellReview(this.#process())],
      [6, () => this.#changeAndReview()],
      [1, () => this.#changeAgents()],
      [9, () => this.#pass()],
      [4, () => this.#breakSomething()],
      [2, () => this.#backend.faults.clear()],
      [1, () => this.#restart()],
    ];
  }

  /** Does so many things by chance, then lets all come to its end. Throws where anything is as it must not be. */
  async play(steps: number): Promise<void> {
    const total = this.#steps.reduce((sum, [weight]) => sum + weight, 0);
    try {
      for (const type of TYPES) await this.#call(PLAYER, "agentCreate", {}, { agent_type: type });
      // What answers workers is loaded with the first of their calls.
      for (const process of this.#processes) await this.#join(process);
      for (let step = 0; step < steps; step += 1) {
        let at = this.#random.next() * total;
        await this.#steps.find(([weight]) => (at -= weight) < 0)?.[1]();
        await turns();
        this.#watch.look();
      }
      await this.#end();
      this.#watch.lookBack();
    } finally {
      this.#backend.close();
    }
  }

  /** Everything is well again: one worker that does what it should gets all of it done. */
  async #end(): Promise<void> {
    this.#backend.faults.clear();
    // Longer than a review is waited for.
    for (let round = 0; round < 14; round += 1) {
      this.#backend.clock.advance(LEASE_SECONDS * 1_000);
      await turns();
      this.#watch.look();
    }
    await Promise.all(this.#pending);
    for (const type of TYPES) await this.#call(PLAYER, "agentCreate", {}, { agent_type: type });
    const process = this.#process();
    process.held.length = 0;
    const body = { name: process.name, agent_types: ["*"], slots: 9 };
    const { worker_id } = await this.#call(process.key, "workerJoin", {}, body);
    this.#watch.names.set(worker_id, process.name);
    for (let round = 0; this.#watch.open.length > 0; round += 1) {
      if (round > 500) throw new Error(`Never over: ${this.#watch.open.join(", ")}.`);
      const said = await this.#call(process.key, "workerClaim", { worker_id }, { slots: 9 });
      for (const { task, attempt } of said.jobs) {
        const done = { attempt, success: true, output: `${signed(process.name, attempt, "end")}\n` };
        await this.#call(process.key, "taskFinish", { task_id: task.id }, done);
      }
      this.#backend.clock.advance(1_000);
    }
  }

  #assign(): Promise<void> {
    const timeout = this.#chance(0.3) ? 4 : 600;
    const agent = this.#chance(0.4) ? this.#one(this.#agents()) : undefined;
    const body = { prompt: "Fix the jump", timeout, priority: this.#below(3), agent_id: agent };
    return this.#begin(PLAYER, "taskAssign", {}, body);
  }

  #join(process: Process): Promise<void> {
    const agent_types = [this.#of("*", ...TYPES)];
    const reviews = this.#chance(0.6);
    const body = { name: process.name, agent_types, slots: 1 + this.#below(3), reviews };
    process.silent = false;
    return this.#begin(process.key, "workerJoin", {}, body, ({ worker_id }) => {
      process.id = worker_id;
      this.#watch.names.set(worker_id, process.name);
    });
  }

  #claim(process: Process): Promise<void> | void {
    if (process.silent) return;
    if (!this.#watch.knows(process.id) && this.#chance(0.9)) return this.#join(process);
    const reviews = process.asked.map(({ review_id }) => review_id);
    const body = { slots: 1, wait_ms: this.#of(0, 0, 2_000, 30_000), ...(this.#chance(0.7) && { reviews }) };
    const params = { worker_id: process.id };
    return this.#begin(process.key, "workerClaim", params, body, ({ jobs, reviews: asked = [] }) => {
      process.asked.push(...this.#idsOf(asked));
      process.asked.splice(0, process.asked.length - 10);
      for (const { task, attempt } of jobs) {
        const known = process.held.findIndex((held) => held.task === task.id && held.attempt === attempt);
        if (known >= 0) process.held.splice(known, 1);
        process.held.push({ task: task.id, attempt, number: 0, question: null });
        if (process.held.length > 6) process.held.shift();
      }
    });
  }

  #report(process: Process): Promise<void> | void {
    const held = this.#one(process.held);
    if (held === undefined || process.silent) return;
    // One that comes again, and one that comes too soon.
    const number = held.number + this.#of(1, 1, 1, 1, 1, 0, 2);
    return this.#send(process, held, Math.max(1, number));
  }

  #send(process: Process, held: Held, number: number, attempt = held.attempt): Promise<void> {
    const sign = signed(process.name, attempt, number);
    const reports: object[] = [{ output: { text: `${sign}\n` } }];
    if (this.#chance(0.5)) reports.push({ message: sign });
    if (this.#chance(0.3)) reports.push({ state: this.#of("coding", "speaking", "moving") });
    if (this.#chance(0.2))
      reports.push({ agent: { child: "c", ...(this.#chance(0.5) ? { state: "coding" } : { gone: true }) } });
    if (held.question !== null && this.#chance(0.3))
      reports.push({ question_withdrawn: held.question }, { message: sign });
    if (this.#chance(0.3))
      reports.push({
        question: { kind: "choice", text: "Red?", options: ["yes", "no"], seconds: this.#of(2, 60) },
      });
    const body = { attempt, number, reports };
    return this.#begin(process.key, "taskReport", { task_id: held.task }, body, ({ questions }) => {
      held.number = Math.max(held.number, number);
      held.question = questions[0] ?? held.question;
    });
  }

  #finish(process: Process): Promise<void> | void {
    const held = this.#one(process.held);
    if (held === undefined || process.silent) return;
    const error = { code: "tests_failed", message: "3 tests fail." };
    const output = `${signed(process.name, held.attempt, "end")}\n`;
    const body = {
      attempt: held.attempt,
      output,
      ...this.#of({ success: true }, { success: false, error }),
      ...(this.#chance(0.7) && { changes }),
    };
    return this.#begin(process.key, "taskFinish", { task_id: held.task }, body);
  }

  /** Says something of a task that it has not, or of an attempt that is not its own; what it claims to be is signed all the same. */
  async #lie(process: Process): Promise<void> {
    const task = this.#one([...this.#watch.tasks.keys()]);
    if (task === undefined) return;
    const attempt = 1 + this.#below(4);
    const lie = { task, attempt, number: 0, question: null };
    if (this.#chance(0.5)) return this.#send(process, lie, 1 + this.#below(4));
    // What ends a task here is told from what its own worker says by this alone.
    const other = this.#processes.find((one) => one.held.some((held) => held.task === task));
    if (other === process) return;
    await this.#begin(process.key, "taskFinish", { task_id: task }, { attempt, success: true });
  }

  async #flood(process: Process): Promise<void> {
    const held = this.#one(process.held);
    if (held === undefined) return;
    const from = held.number;
    for (const ahead of [1, 3, 2, 2, 4, 1]) void this.#send(process, held, from + ahead);
    await turns();
  }

  async #leave(process: Process): Promise<void> {
    const key = this.#of(process.key, PLAYER, "secret-of-bob");
    await this.#begin(key, "workerLeave", { worker_id: process.id });
  }

  /** Dies, and is begun anew or not, or only says nothing for a while. */
  #fallSilent(process: Process): void {
    process.silent = !process.silent;
    if (this.#chance(0.4)) process.held.length = 0;
  }

  async #cancel(): Promise<void> {
    const task = this.#one(this.#watch.open);
    if (task !== undefined) await this.#begin(PLAYER, "taskCancel", { task_id: task }, {});
  }

  async #answer(): Promise<void> {
    const asked = this.#watch.open.flatMap((id) => {
      const { question } = this.#backend.engine.tasks.get(all, id);
      return question === null ? [] : [{ id, question_id: question.question_id }];
    });
    const old = this.#processes.flatMap(({ held }) =>
      held.flatMap(({ task, question }) => (question === null ? [] : [{ id: task, question_id: question }])),
    );
    const one = this.#one([...asked, ...old]);
    if (one === undefined) return;
    const body = { question_id: one.question_id, choice: this.#of("yes", "no", "maybe") };
    await this.#begin(PLAYER, "taskAnswer", { task_id: one.id }, body);
  }

  async #review(): Promise<void> {
    const task = this.#one(
      [...this.#watch.tasks].flatMap(([id, { result }]) => (result?.changes ? [id] : [])),
    );
    if (task === undefined) return;
    await this.#begin(PLAYER, "taskReview", { task_id: task }, { verdict: this.#of("accept", "discard") });
  }

  /** What a process has in hand is done and reviewed, as far as nothing comes between. */
  async #changeAndReview(): Promise<void> {
    const process = this.#one(this.#processes.filter(({ held, silent }) => held.length > 0 && !silent));
    const held = process?.held.at(-1);
    if (process === undefined || held === undefined) return;
    const { task: task_id, attempt } = held;
    await this.#begin(process.key, "taskFinish", { task_id }, { attempt, success: true, changes });
    await this.#begin(PLAYER, "taskReview", { task_id }, { verdict: this.#of("accept", "discard") });
    const params = { worker_id: process.id };
    await this.#begin(process.key, "workerClaim", params, { reviews: [] }, ({ reviews }) => {
      process.asked.push(...this.#idsOf(reviews));
    });
    if (this.#chance(0.7)) await this.#tellReview(process);
  }

  #idsOf(reviews: readonly { readonly task: { readonly id: string }; readonly review_id: string }[]) {
    return reviews.map(({ task, review_id }) => ({ task: task.id, review_id }));
  }

  /** Says what came of a review, also of one that is over, and of another's. */
  #tellReview(process: Process): Promise<void> | void {
    const whose = this.#chance(0.8) ? process : this.#process();
    const asked = this.#chance(0.7) ? whose.asked.at(-1) : this.#one(whose.asked);
    if (asked === undefined || process.silent) return;
    const { task, review_id } = asked;
    const outcome = this.#of({}, { conflicts: ["player.ts"] }, { error: { message: "git is broken." } });
    const seen = this.#watch.tasks.get(task);
    if (seen && whose === process && Object.keys(outcome).length === 0) seen.done = true;
    return this.#begin(process.key, "taskReviewed", { task_id: task }, { review_id, ...outcome });
  }

  async #changeAgents(): Promise<void> {
    const agent_id = this.#one(this.#agents());
    if (agent_id !== undefined && this.#chance(0.5)) await this.#begin(PLAYER, "agentRemove", { agent_id });
    else await this.#begin(PLAYER, "agentCreate", {}, { agent_type: this.#of("aider", "claude") });
  }

  #pass(): void {
    this.#backend.clock.advance(this.#of(50, 500, 500, 1_000, 1_700, LEASE_SECONDS * 1_000));
  }

  #breakSomething(): void {
    const route = this.#of<RouteName>(
      "workerClaim",
      "taskReport",
      "taskFinish",
      "workerJoin",
      "taskAssign",
      "taskReview",
      "taskReviewed",
    );
    const faults: readonly CallFault[] = [
      { status: 503 },
      { answer: "reset_peer" },
      { answer: "timeout" },
      { status: 503, after: true },
      { answer: "reset_peer", after: true },
      { answer: "timeout", after: true },
      { answer: "limit_data" },
      { latency: 3_000 },
    ];
    this.#backend.faults.add({ route, times: 1 + this.#below(2), ...this.#one(faults) });
  }

  async #restart(): Promise<void> {
    const snapshot: unknown = JSON.parse(JSON.stringify(this.#backend.snapshot()));
    this.#backend.restart({ snapshot });
    this.#watch.listen();
    await this.#call(PLAYER, "workerList", {});
  }

  #agents(): string[] {
    return this.#backend.engine.agents.list(all, {}).items.map(({ id }) => id);
  }

  /** Begins a call, and waits no longer for it than it takes where nothing is in its way. */
  async #begin(
    key: string,
    name: RouteName,
    params: Record<string, string>,
    body?: object,
    done: (said: Said) => void = () => undefined,
  ): Promise<void> {
    const idempotencyKey = this.#chance(0.3) ? { "idempotency-key": `k${this.#below(1e9)}` } : {};
    const call = this.#call(key, name, params, body, idempotencyKey).then((said) => {
      if (said !== null) done(said);
      return said;
    });
    this.#pending.add(call);
    const over = call.finally(() => this.#pending.delete(call));
    await Promise.race([over, turns()]);
  }

  /** The answer of a call that was taken; null for one that was refused as the contract says, or broken. */
  async #call(
    key: string,
    name: RouteName,
    params: Record<string, string>,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Said> {
    const answer = await this.#backend.fetch[DIRECT].send({
      url: "",
      route: routes[name],
      params,
      headers: { "x-api-key": key, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: new AbortController().signal,
      stream: false,
    }).catch(() => null);
    if (answer === null) return null;
    if (answer.status === 500) throw new Error(`${name}: ${answer.text}`);
    if (answer.status !== 200) return null;
    const { schema } = routes[name].answer.kind === "json" ? routes[name].answer : { schema: null };
    try {
      const said: unknown = JSON.parse(answer.text);
      return schema === null ? null : read(schema, said);
    } catch (error) {
      // One that was cut midway.
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #chance(share: number): boolean {
    return this.#random.next() < share;
  }

  #below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }

  #one<T>(some: readonly T[]): T | undefined {
    return some[this.#below(some.length)];
  }

  #of<T>(first: T, ...others: readonly T[]): T {
    return others[this.#below(others.length + 1) - 1] ?? first;
  }

  #process(): Process {
    const [first, ...others] = this.#processes;
    if (first === undefined) throw new Error("There is no worker.");
    return this.#of(first, ...others);
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}
