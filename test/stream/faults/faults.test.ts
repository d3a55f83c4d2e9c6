import { afterAll, describe, expect, it } from "vitest";
import { compareLogs } from "./compare-logs.js";
import { FaultRun } from "./fault-run.js";
import { Observer } from "./observer.js";
import { startServe } from "./serve-process.js";
import type { ServeProcess } from "./serve-process.js";

/** Clients of one round, each with a game and a network of its own, at the same server. */
const CLIENTS = 100;

/** Rounds; `FAULT_ROUNDS` makes them fewer or more. */
const FIRST = Number(process.env["FAULT_FIRST"] ?? 0);
const ROUNDS = Number(process.env["FAULT_ROUNDS"] ?? 10);

/** The seed of the one run to repeat, as a failure tells it. */
const ONLY = process.env["FAULT_SEED"];

/** Milliseconds of the machine after which a run that does not come to its end is taken for stuck. */
const PATIENCE_MS = 60_000;

/** How the servers of a round are: all of them work twenty times as fast as time goes. */
interface RoundPlan {
  readonly eventBuffer: number;
  /** How the first server ends; null where one server lives through the round. */
  readonly restart: "SIGTERM" | "SIGKILL" | null;
}

const plans: readonly RoundPlan[] = [
  { eventBuffer: 100_000, restart: null },
  { eventBuffer: 100_000, restart: "SIGTERM" },
  { eventBuffer: 5, restart: null },
  { eventBuffer: 100_000, restart: "SIGKILL" },
  { eventBuffer: 5, restart: "SIGKILL" },
];

const totals = {
  runs: 0,
  events: 0,
  moves: 0,
  gaps: 0,
  epochs: 0,
  returns: 0,
  faults: new Map<string, number>(),
};

function planOf(round: number): RoundPlan {
  const plan = plans[round % plans.length];
  if (plan === undefined) throw new Error("There are no plans.");
  return plan;
}

function serve({ eventBuffer }: RoundPlan, seed: number): Promise<ServeProcess> {
  const options = { seed, speed: 20, "rate-limit": 1_000_000_000, "max-agents": 100_000 };
  const args = Object.entries({ ...options, "event-buffer": eventBuffer });
  return startServe(args.flatMap(([name, value]) => [`--${name}`, String(value)]));
}

/** Plays a round and gives what went wrong, a line for each run that failed. */
async function playRound(round: number, seeds: readonly number[]): Promise<string[]> {
  const plan = planOf(round);
  // The same seed for both lives: they must not be taken for one.
  let server = await serve(plan, round);
  const observers = [await Observer.connect(server.port)];
  let port = server.port;
  const runs = seeds.map((seed) => new FaultRun(seed, () => port));
  const working = Promise.all(runs.map((run) => run.work()));
  const standing = (): string =>
    runs
      .filter(({ isDone }) => !isDone)
      .map((run) => `FAULT_SEED=${run.seed} ${JSON.stringify(run.state)} ${run.doing}`)
      .join("\n");
  if (plan.restart !== null) {
    const isUnderWay = observers[0]?.heard(15 * seeds.length);
    await inTime(Promise.race([isUnderWay, working]), standing);
    await server.stop(plan.restart);
    server = await serve(plan, round);
    // Nobody reaches the new one before the observer.
    observers.push(await Observer.connect(server.port));
    port = server.port;
  }
  await inTime(working, standing);
  const problems: string[] = [];
  await Promise.all(
    runs.map(async (run) => {
      const problem = await judge(run, observers, plan);
      if (problem === null) return;
      const faults = run.faults.slice(-8).map((fault) => JSON.stringify(fault));
      problems.push(`FAULT_SEED=${run.seed}: ${problem}; its last faults: ${faults.join(" ")}`);
    }),
  );
  for (const run of runs) count(run);
  await Promise.all(runs.map((run) => run.close()));
  for (const observer of observers) observer.close();
  await server.stop("SIGTERM");
  return problems;
}

async function judge(run: FaultRun, observers: readonly Observer[], plan: RoundPlan): Promise<string | null> {
  const { seq } = await inTime(run.settle(), () => `FAULT_SEED=${run.seed} ${JSON.stringify(run.state)}`);
  const told = run.told.slice();
  const end = told.at(-1);
  const last = end?.type === "gap" ? end.to.seq : (end?.seq ?? seq);
  // The observer hears all, so its count is the seq that it has reached.
  await observers.at(-1)?.heard(seq);
  const observed = observers.at(-1)?.places;
  const astray = observed?.compare(run.places) ?? null;
  if (astray !== null) return astray;
  return compareLogs(
    told,
    observers.map((observer, life) => ({
      epoch: observer.epoch,
      eventBuffer: plan.eventBuffer,
      // What came after the end is not compared: the client may be on its way to it.
      events: observer.of(run.gameId).filter((event) => life < observers.length - 1 || event.seq <= last),
    })),
  );
}

function count(run: FaultRun): void {
  totals.runs += 1;
  totals.returns += run.returns;
  totals.moves += run.moves;
  for (const event of run.told) {
    if (event.type !== "gap") totals.events += 1;
    else if (event.reason === "epoch_changed") totals.epochs += 1;
    else totals.gaps += 1;
  }
  for (const { kind } of run.faults) totals.faults.set(kind, (totals.faults.get(kind) ?? 0) + 1);
}

/** Fails a wait that does not come to its end, and says how things stand. */
async function inTime<T>(wait: Promise<T>, standing: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Stuck: ${standing()}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([wait, late]);
  } finally {
    clearTimeout(timer);
  }
}

const seedsOf = (round: number): number[] =>
  Array.from({ length: CLIENTS }, (_, client) => round * 1_000 + client);
const rounds =
  ONLY === undefined
    ? Array.from({ length: ROUNDS }, (_, round) => FIRST + round)
    : [Math.floor(Number(ONLY) / 1_000)];

describe("A client behind a network that cuts, delays, halves, duplicates and swallows", () => {
  it.each(rounds)(
    "is told all that the server tells, in order and once, or of a gap where it is, and where each agent is at last (round %i)",
    { timeout: 3 * PATIENCE_MS },
    async (round) => {
      expect(await playRound(round, ONLY === undefined ? seedsOf(round) : [Number(ONLY)])).toEqual([]);
    },
  );

  it.runIf(ONLY === undefined && ROUNDS >= plans.length)("met every kind of fault, gap and return", () => {
    const { runs, events, moves, gaps, epochs, returns, faults } = totals;
    expect(runs).toBe(ROUNDS * CLIENTS);
    for (const kind of ["cut", "delay", "halve", "duplicate", "blackhole", "none"]) {
      expect(faults.get(kind), kind).toBeGreaterThan(runs / 4);
    }
    expect(returns).toBeGreaterThan(runs);
    expect(events).toBeGreaterThan(10 * runs);
    expect(moves).toBeGreaterThan(runs);
    expect(gaps).toBeGreaterThan(0);
    expect(epochs).toBeGreaterThan(0);
  });

  afterAll(() => {
    const faults = [...totals.faults].map(([kind, times]) => `${times} ${kind}`).join(", ");
    console.log(
      `${totals.runs} runs: ${totals.events} events told, ${totals.moves} moves beside them, ${totals.returns} connections that became live, ` +
        `${totals.gaps} gaps of an outrun buffer, ${totals.epochs} of a restart. Connections: ${faults}.`,
    );
  });
});
