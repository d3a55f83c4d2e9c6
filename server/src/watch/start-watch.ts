import { resolve } from "node:path";
import { hostname } from "node:os";
import { PACKAGE_VERSION, systemClock } from "oligarchy-agentvm";
import type { CancelTimer } from "oligarchy-agentvm";
import { startObserver } from "oligarchy-agentvm/worker";
import type { Variables } from "../processes/environment.js";
import { createRedactor } from "../processes/redact/redactor.js";
import { ClaudeWatch } from "./claude/claude-watch.js";
import { Transcripts, transcriptsOf } from "./claude/transcripts.js";
import { TranscriptWatch } from "./claude/transcript-watch.js";
import { openDoor } from "./door.js";

import { isAlive, KeptSessions } from "./kept-sessions.js";
import { OpencodeWatch } from "./opencode-watch.js";
import type { OpencodeServer } from "./opencode-link.js";
import { WatchedSessions } from "./sessions.js";
import { runs } from "./started-commands.js";
import { makeWatchFolder, watchFolder } from "./watch-folder.js";

/** Milliseconds between two looks whether sessions are there still, and whether a command that waited runs. */
const LOOK_MS = 250;

/** Looks after which it is seen to it which sessions are there. */
const LOOKS_TO_TIDY = 8;

/** What is watched, and in which game it is shown. */
export interface WatchPlan {
  /** The project whose sessions of Claude Code are watched. */
  readonly folder: string;
  readonly game: string | null;
  /** A running server of opencode's; null where none is watched. */
  readonly opencode: OpencodeServer | null;
}

/** Where it is shown. */
export interface WatchAccess {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly name?: string;
}

/** Sessions that are watched. */
export interface RunningWatch {
  readonly folder: string;
  /** Rejects when the server does not take its key any more. */
  readonly ended: Promise<void>;
  /** Shows nothing any more. */
  stop(): Promise<void>;
}

/**
 * Shows the sessions that a person runs in a project as agents of a server, until it is stopped.
 *
 * @param warn Is told what should be known, in sentences.
 * @throws AgentError where somebody watches on this machine already.
 */
export async function startWatch(
  plan: WatchPlan,
  access: WatchAccess,
  {
    env,
    cwd,
    warn,
  }: { readonly env: Variables; readonly cwd: string; readonly warn: (text: string) => void },
): Promise<RunningWatch> {
  const folder = resolve(cwd, plan.folder);
  const place = watchFolder(env);
  makeWatchFolder(place);
  const heard: unknown[] = [];
  let hear = (value: unknown): void => void heard.push(value);
  // First of all, so that of two watchers one goes no further.
  const door = await openDoor(place.door, (value) => hear(value));
  try {
    const clock = systemClock();
    const redactor = createRedactor(env, [access.apiKey]);
    const redact = (text: string): string => redactor.redact(text);
    const kept = new KeptSessions(place.sessions, redact);
    const before = kept.read();
    const observer = await startObserver({
      name: `watch on ${hostname()}`.slice(0, 80),
      ...access,
      version: PACKAGE_VERSION,
      labels: { observes: folder.slice(-200) },
      ...(plan.game !== null && { gameId: plan.game }),
      sessions: before.map(({ id, name }) => ({ id, agentType: "claude", name })),
      logger: { warn },
    });
    const sessions = new WatchedSessions(observer, clock, redact);
    const unhooked = new TranscriptWatch(sessions, folder, clock);
    const transcripts = new Transcripts(transcriptsOf(folder, env), clock, (id, line) => {
      if (claude.has(id)) claude.line(id, line);
      else unhooked.line(id, line);
    });
    const claude = new ClaudeWatch({ sessions, read: () => transcripts.read(), waits: () => keep() });
    const keep = (): void => kept.keep(claude.kept());
    for (const session of before) claude.recall(session);
    await transcripts.open();
    hear = (value) => {
      claude.hear(value);
      for (const { id } of claude.known) unhooked.forget(id);
      keep();
    };
    for (const value of heard.splice(0)) hear(value);
    const opencode = plan.opencode && new OpencodeWatch(plan.opencode, { sessions, clock, warn });
    void opencode?.run();
    let looks = 0;
    let cancel: CancelTimer = () => undefined;
    let isStopped = false;
    const look = async (): Promise<void> => {
      await allowStarted(claude);
      looks += 1;
      if (looks % LOOKS_TO_TIDY === 0) tidy(claude, unhooked, kept);
      if (!isStopped) cancel = clock.setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return {
      folder,
      ended: observer.ended,
      async stop() {
        isStopped = true;
        cancel();
        transcripts.close();
        opencode?.close();
        door.close();
        await observer.stop();
      },
    };
  } catch (error) {
    door.close();
    throw error;
  }
}

/** Whoever was asked for a command that runs by now has said yes. */
async function allowStarted(claude: ClaudeWatch): Promise<void> {
  for (const { id, pid, waiting } of claude.known)
    for (const [request, { command }] of waiting)
      if (pid > 0 && command !== null && (await runs(pid, command))) claude.allowed(id, request);
}

/** Has sessions leave whose process is gone: one that was killed says nothing of its end. */
function tidy(claude: ClaudeWatch, unhooked: TranscriptWatch, kept: KeptSessions): void {
  for (const { id, pid } of claude.known) if (pid > 0 && !isAlive(pid)) claude.leave(id);
  unhooked.tidy();
  kept.keep(claude.kept());
}
