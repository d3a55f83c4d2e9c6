import { Agenda } from "./agenda.js";
import { agentCalls } from "./agents.js";
import type { Task } from "../../src/contract/index.js";
import type { Stop } from "../work/work.js";
import type { Core } from "./core.js";
import { countsOf } from "./counts.js";
import { EngineClock } from "./engine-clock.js";
import type { Engine, EngineOptions } from "./engine.js";
import { EngineError } from "./errors.js";
import { RingLog } from "./event-log.js";
import { endOverdue, forgetOld, wakeWorker } from "./flow.js";
import { gameCalls, watchSession } from "./games.js";
import { Indexes } from "./indexes.js";
import { emptyGame } from "./leaving.js";
import { Ledger } from "./ledger.js";
import { Listeners } from "./listeners.js";
import { OutputListeners } from "./output-listeners.js";
import { sceneCalls } from "./scenes.js";
import { limitsFrom, totalBytesFrom, typesFrom } from "./settings.js";
import { readSnapshot } from "./read-snapshot.js";
import { loadWorld, takeSnapshot } from "./snapshot.js";
import { keepSpares } from "./spares.js";
import { storageOf } from "./storage.js";
import { taskCalls } from "./tasks.js";
import { emptyWorld } from "./world.js";

/**
 * Makes an engine, new or from a snapshot.
 *
 * @throws EngineError `invalid_request` when the limits, the types or the snapshot are not valid.
 */
export function createEngine(options: EngineOptions): Engine {
  const { ids, random, work, onChange, onListenerError: report = () => undefined } = options;
  const limits = limitsFrom(options.limits);
  const types = typesFrom(options.agentTypes);
  const saved = options.snapshot === undefined ? undefined : readSnapshot(options.snapshot);
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
  const world = saved ? loadWorld(saved, work) : emptyWorld();
  for (const gameId of world.games.keys()) log.know(gameId);
  // What the options say of a type now counts more than what was added once.
  for (const name of types.keys()) world.types.delete(name);
  const indexes = new Indexes(world);
  const agenda = new Agenda();
  if (saved) {
    // What a game that was left had of its grace it still has, however long the snapshot lay.
    const lay = time.last - Date.parse(saved.saved_at);
    const jobs = saved.agenda.jobs.map((job) =>
      job.kind === "leave" ? { ...job, due: job.due + lay } : job,
    );
    agenda.restore(saved.agenda.order, jobs);
  }
  const ledger = new Ledger({ now: time.last, world, indexes, log, outputs, onChange });
  const core: Core = {
    limits,
    totalBytes: totalBytesFrom(options.totalBytes),
    types,
    ids,
    random,
    world,
    indexes,
    ledger,
    agenda,
    work,
    command,
    forgotten: [],
    stopped: [],
  };
  const schedule = new Listeners<[]>(report);
  const forgotten = new Listeners<[string]>(report);
  const stopped = new Listeners<[Task, Stop]>(report);
  stopped.add((task, why) => work.stopped?.(task, why));
  /** Whether a command runs, of which all that is done meanwhile is part. */
  let running = false;

  /** Ends a command: what follows from it is done, then all that happened is told. */
  function settle(): void {
    try {
      keepSpares(core);
    } finally {
      running = false;
    }
    ledger.tell();
    for (const { task, why } of core.stopped.splice(0)) stopped.tell(task, why);
    for (const gameId of core.forgotten.splice(0)) forgotten.tell(gameId);
    if (agenda.takeHastened()) schedule.tell();
  }

  function runDue(): void {
    if (running) return;
    const now = time.read();
    for (let job = agenda.takeDue(now); job !== undefined; job = agenda.takeDue(now)) {
      // Each thing happens at its own time, however late it is looked at: timing never changes the log.
      ledger.now = Math.max(ledger.now, job.due);
      running = true;
      try {
        if (job.kind === "work") wakeWorker(core, job.id);
        else if (job.kind === "timeout") endOverdue(core, job.id);
        else if (job.kind === "session") watchSession(core, job.id, now);
        else if (job.kind === "leave") emptyGame(core, job.id);
        else forgetOld(core);
      } finally {
        settle();
      }
    }
    ledger.now = Math.max(ledger.now, now);
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
      if (running) return call(...args);
      runDue();
      running = true;
      try {
        return call(...args);
      } finally {
        settle();
      }
    };
  }

  function command<R>(call: () => R): R {
    return running ? call() : changes(call)();
  }

  const agents = agentCalls(core);
  const tasks = taskCalls(core);
  const games = gameCalls(core, log);
  const scenes = sceneCalls(core);
  runDue();
  running = true;
  settle();
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
    },
    tasks: {
      assign: changes(tasks.assign),
      assignTeam: changes(tasks.assignTeam),
      get: looks(tasks.get),
      list: looks(tasks.list),
      cancel: changes(tasks.cancel),
      output: looks(tasks.output),
    },
    games: {
      connect: changes(games.connect),
      session: looks(games.session),
      touch: changes(games.touch),
      disconnect: changes(games.disconnect),
      agents: looks(games.agents),
      onForgotten: (listener) => forgotten.add(listener),
    },
    scenes: { put: changes(scenes.put) },
    counts: looks(() => countsOf(core)),
    storage: storageOf(core),
    runDue,
    nextDueAt: () => (agenda.nextDue === Infinity ? null : time.outside(agenda.nextDue)),
    onSchedule: (listener) => schedule.add(listener),
    snapshot: looks(() => takeSnapshot(core, log)),
  };
}
