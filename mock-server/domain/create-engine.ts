import { agentCalls } from "./agents.js";
import type { Task } from "../../src/contract/index.js";
import type { Stop } from "../work/work.js";
import { expireQuestion } from "./answering.js";
import { answerCalls } from "./answers.js";
import { Commands } from "./commands.js";
import type { Job } from "./agenda.js";
import type { Core } from "./core.js";
import { countsOf } from "./counts.js";
import { EngineClock } from "./engine-clock.js";
import type { Engine, EngineOptions } from "./engine.js";
import { EngineError } from "./errors.js";
import { RingLog } from "./event-log.js";
import { endOverdue, forgetOld, resumeWork, wakeWorker } from "./flow.js";
import { gameCalls, watchSession } from "./games.js";
import { Indexes } from "./indexes.js";
import { watchWorker } from "./leases.js";
import { emptyGame } from "./leaving.js";
import { Ledger } from "./ledger.js";
import { Listeners } from "./listeners.js";
import { OutputListeners } from "./output-listeners.js";
import { Planner } from "./planner.js";
import { expireReview } from "./reviews.js";
import { sceneCalls } from "./scenes.js";
import { limitsFrom, totalBytesFrom, typesFrom } from "./settings.js";
import { readSnapshot } from "./read-snapshot.js";
import { loadSnapshot, takeSnapshot } from "./snapshot.js";
import { keepSpares } from "./spares.js";
import { storageOf } from "./byte-budget.js";
import { taskCalls } from "./tasks.js";
import { timestampOf } from "./timestamps.js";
import { emptyWorld } from "./world.js";
import type { World } from "./world.js";

/** Milliseconds after which what was due and failed is tried again, so that what always fails keeps nothing else from being done. */
const RETRY_MS = 1_000;

/** What an engine begins with, and what saves it and brings it back. */
export interface EngineParts {
  readonly emptyWorld: () => World;
  readonly readSnapshot: typeof readSnapshot;
  readonly loadSnapshot: typeof loadSnapshot;
  readonly takeSnapshot: typeof takeSnapshot;
}

/**
 * Makes an engine, new or from a snapshot.
 *
 * @throws EngineError `invalid_request` when the limits, the types or the snapshot are not valid.
 */
export function createEngine(options: EngineOptions): Engine {
  return createEngineWith({ emptyWorld, readSnapshot, loadSnapshot, takeSnapshot }, options);
}

/** The same for a program that does without some of it. */
export function createEngineWith(parts: EngineParts, options: EngineOptions): Engine {
  const { ids, random, work, append = () => undefined, onListenerError: report = () => undefined } = options;
  const limits = limitsFrom(options.limits);
  const types = typesFrom(options.agentTypes);
  const saved = options.snapshot === undefined ? undefined : parts.readSnapshot(options.snapshot);
  if (saved) {
    try {
      random.restore(saved.random);
      ids.restore(saved.ids);
    } catch {
      throw new EngineError(
        "invalid_request",
        "The snapshot cannot be restored: its random state is damaged.",
      );
    }
  }
  const time = new EngineClock(options.clock, saved && Date.parse(saved.saved_at));
  const epoch = saved && options.epoch !== "new" ? saved.epoch : ids.next("epoch");
  const log = new RingLog(epoch, saved?.seq ?? 0, limits.event_buffer, report);
  const outputs = new OutputListeners(report);
  const lay = saved ? time.last - Date.parse(saved.saved_at) : 0;
  const world = saved ? parts.loadSnapshot(saved, work, lay) : parts.emptyWorld();
  if (!saved?.analytics) world.analytics.since = time.last;
  for (const gameId of world.games.keys()) log.know(gameId);
  // What the options say of a type now counts more than what was added once.
  for (const name of types.keys()) world.types.delete(name);
  const indexes = new Indexes(world);
  const ledger = new Ledger({ now: time.last, world, indexes, log, outputs });
  const core: Core = {
    limits,
    totalBytes: totalBytesFrom(options.totalBytes),
    types,
    ids: { next: (kind) => commands.nextId(kind) },
    random,
    world,
    indexes,
    ledger,
    agenda: new Planner(world, ledger),
    work,
    command: (call) => (commands.isRunning ? call() : changes(call)()),
    after(tell) {
      ledger.onTakenBack(() => untold.pop());
      untold.push(tell);
    },
    report,
    slow: { reviews: null },
    stopped: { push: ({ task, why }) => core.after(() => stopped.tell(task, why)) },
  };
  const untold: (() => void)[] = [];
  const stopped = new Listeners<[Task, Stop]>(report);
  stopped.add((task, why) => work.stopped?.(task, why));
  const schedule = new Listeners<[]>(report);
  const commands = new Commands(
    {
      ledger,
      ids,
      append,
      follow: () => keepSpares(core),
      settled: () => {
        if (untold.length > 0) for (const tell of untold.splice(0)) tell();
        if (world.agenda.takeHastened()) schedule.tell();
      },
    },
    saved?.rev ?? 0,
  );

  function runDue(): void {
    if (commands.isRunning) return;
    const now = time.read();
    for (let job = world.agenda.firstDue(now); job !== undefined; job = world.agenda.firstDue(now)) {
      // Each thing happens at its own time, however late it is looked at: timing never changes the log.
      ledger.now = Math.max(ledger.now, job.due);
      const due = job;
      try {
        commands.run(doDue, [due, now]);
      } catch (error) {
        const again = Math.max(ledger.now, now) + RETRY_MS;
        commands.run(() => core.agenda.schedule(due.kind, due.id, again), []);
        throw error;
      }
    }
    ledger.now = Math.max(ledger.now, now);
  }

  function doDue({ kind, id }: Job, now: number): void {
    core.agenda.cancel(kind, id);
    if (kind === "work") wakeWorker(core, id);
    else if (kind === "timeout") endOverdue(core, id);
    else if (kind === "session") watchSession(core, id, now);
    else if (kind === "leave") emptyGame(core, id);
    else if (kind === "question") expireQuestion(core, id);
    else if (kind === "lease") watchWorker(core, id);
    else if (kind === "review") expireReview(core, id);
    else forgetOld(core);
  }

  /** A call that looks: what is due is done before. */
  function looks<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      runDue();
      return call(...args);
    };
  }

  /** A call that changes something. */
  function changes<A extends unknown[], R>(call: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      runDue();
      return commands.run(call, args);
    };
  }

  const agents = agentCalls(core);
  const tasks = taskCalls(core);
  const games = gameCalls(core);
  const scenes = sceneCalls(core);
  const answers = answerCalls(core);
  runDue();
  commands.run(() => undefined, []);
  if (saved && work.resumed) resumeWork(core);
  return {
    limits,
    log,
    outputs,
    agents: {
      create: changes(agents.create),
      get: looks(agents.get),
      list: looks(agents.list),
      move: changes(agents.move),
      moveMany: changes(agents.moveMany),
      remove: changes(agents.remove),
      types: agents.types,
      addType: changes(agents.addType),
      positionOf: agents.positionOf,
      movedSince: agents.movedSince,
    },
    tasks: {
      assign: changes(tasks.assign),
      assignTeam: changes(tasks.assignTeam),
      get: looks(tasks.get),
      list: looks(tasks.list),
      cancel: changes(tasks.cancel),
      output: looks(tasks.output),
      answer: changes(tasks.answer),
      diff: looks(tasks.diff),
      review: changes(tasks.review),
    },
    games: {
      connect: changes(games.connect),
      session: looks(games.session),
      touch: changes(games.touch),
      disconnect: changes(games.disconnect),
      agents: looks(games.agents),
      giveToken: changes(games.giveToken),
      byToken: games.byToken,
    },
    scenes: { put: changes(scenes.put) },
    answers: { find: looks(answers.find), keep: changes(answers.keep) },
    analytics: {
      report: changes((game_id, events) => ledger.note({ type: "analytics.reported", game_id, events })),
      read(gameId) {
        const { analytics } = world;
        return { since: timestampOf(analytics.since), summary: analytics.of(gameId).read() };
      },
    },
    counts: looks(() => countsOf(core)),
    storage: storageOf(core),
    command: changes((work) => work()),
    extend: (make) => make(core, { looks, changes }),
    runDue,
    nextDueAt() {
      const { nextDue } = world.agenda;
      return nextDue === Infinity ? null : time.outside(nextDue);
    },
    onSchedule: (listener) => schedule.add(listener),
    snapshot: looks(() => {
      const { epoch, seq, now: at } = ledger;
      return parts.takeSnapshot({
        world,
        epoch,
        seq,
        rev: commands.rev,
        at,
        ids: ids.state(),
        random: random.state(),
      });
    }),
  };
}
