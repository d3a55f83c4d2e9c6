import { basename } from "node:path";
import { textIn, toolKind, toolTitle } from "../../adapters/claude/tools.js";
import { isHelper, isShown } from "../../adapters/claude/shown.js";
import type { AskedPermission } from "../../permissions/permissions.js";
import { remember } from "../../remember.js";
import type { WatchedSessions } from "../sessions.js";
import { readHook } from "./hook-events.js";
import type { HookEvent } from "./hook-events.js";
import type { KeptSession } from "../kept-sessions.js";
import { askedAgain, askedFor, questionOf, requestOf } from "./requests.js";
import { TranscriptStory } from "./transcript-story.js";
import type { TranscriptNews } from "./transcript-story.js";

/** Tools of a session that are remembered. */
const RUNNING_MAX = 100;

/** Requests of a session that wait at one time; those past it are not shown. */
const WAITING_MAX = 20;

/** Sessions of which hooks have told, and that are remembered. */
const KNOWN_MAX = 200;

/** What has its end before it begins, since what hooks say may come in another order: milliseconds. */
const LATE_MS = 1_000;

/** How a turn ends that the person has ended. */
const INTERRUPTED = {
  success: false,
  code: "interrupted",
  message: "It was interrupted in its terminal.",
} as const;

/** Something that waits for the person: the command that it is about, and what is asked, once that is known. */
interface Waiting {
  readonly command: string | null;
  asked: AskedPermission | null;
}

/** A session of which hooks tell. */
export interface HookedSession {
  readonly id: string;
  readonly folder: string;
  /** Its process; 0 where that is not known. */
  pid: number;
  /** What is done in it now. */
  prompt: string | null;
  /** What was read last of what is said in it. */
  said: string;
  /** When its turn has begun, and when its last one was over, by the clock of hooks. */
  begunAt: number;
  endedAt: number;
  /** Whether it was said that its turn is over. */
  isEnding: boolean;
  /** What its tools would ask for, by their ids. */
  readonly running: Map<string, string>;
  /** When what was done last of all that could be asked for had ended. */
  readonly ended: Map<string, number>;
  /** What waits for the person. */
  readonly waiting: Map<string, Waiting>;
  /** What helpers that are about to come are called. */
  readonly coming: string[];
  story: TranscriptStory;
}

/** What Claude Code's sessions are watched with. */
export interface ClaudeWatchParts {
  readonly sessions: WatchedSessions;
  /** Reads what transcripts have told until now. It never rejects. */
  readonly read: () => Promise<void>;
  /** Something waits for the person, which the next watcher is to know. */
  readonly waits: () => void;
}

/** Makes characters of what Claude Code tells its hooks, and of what it writes into its transcripts beside. */
export class ClaudeWatch {
  readonly #sessions: WatchedSessions;
  readonly #readAll: () => Promise<void>;
  readonly #waits: () => void;
  readonly #known = new Map<string, HookedSession>();
  /** When sessions have ended, by the clock of hooks: what was said before that may come behind it. */
  readonly #left = new Map<string, number>();

  constructor({ sessions, read, waits }: ClaudeWatchParts) {
    this.#sessions = sessions;
    this.#readAll = read;
    this.#waits = waits;
  }

  /** The sessions of which hooks have told, and that are there. */
  get known(): readonly HookedSession[] {
    return [...this.#known.values()];
  }

  /** Whether hooks tell of a session, or have told of it until it was over. */
  has(id: string): boolean {
    return this.#known.has(id) || this.#left.has(id);
  }

  /** Takes what a hook has said. What is nothing that is known is skipped. */
  hear(value: unknown): void {
    const said = readHook(value);
    if (said === null) return;
    const { event, pid, at } = said;
    if (event.hook_event_name === "SessionEnd") return this.leave(event.session_id, at);
    if (this.#hasLeft(event, at)) return;
    const session = this.see({
      id: event.session_id,
      folder: event.cwd ?? "",
      pid,
    });
    this.#take(session, event, at);
  }

  /** A session is there, called as its folder where it has no name. */
  see({ id, folder, pid }: Pick<HookedSession, "id" | "folder" | "pid">, name?: string): HookedSession {
    let session = this.#known.get(id);
    if (session === undefined) {
      const story = new TranscriptStory(folder, (event) => this.#read(id, event));
      session = {
        ...{ id, folder, pid, story, prompt: null, said: "" },
        ...{
          begunAt: 0,
          endedAt: 0,
          isEnding: false,
          running: new Map(),
          ended: new Map(),
          waiting: new Map(),
          coming: [],
        },
      };
    }
    this.#known.delete(id);
    this.#known.set(id, session);
    if (pid > 0) session.pid = pid;
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.leave(oldest);
    this.#sessions.see(id, "claude", name ?? basename(session.folder));
    return session;
  }

  /** A session that another watcher has seen, which is there no more. */
  recall({ waiting, prompt, name, ...kept }: KeptSession): void {
    const session = this.see(kept, name);
    if (prompt === null) return;
    this.#begin(session, prompt);
    for (const { request, command, asked } of waiting)
      this.#wait(session, request, askedAgain(asked), command);
  }

  /** What the next watcher is to know. */
  kept(): readonly KeptSession[] {
    return this.known.map(({ id, folder, pid, prompt, waiting }) => ({
      ...{ id, folder, pid, prompt, name: this.#sessions.nameOf(id) ?? basename(folder) },
      waiting: [...waiting].flatMap(([request, { command, asked }]) =>
        asked === null ? [] : [{ request, command, asked }],
      ),
    }));
  }

  /** A session is there no more; `at` is when that was, where hooks tell it. */
  leave(id: string, at = 0): void {
    remember(this.#left, id, at, RUNNING_MAX);
    this.#known.delete(id);
    this.#sessions.leave(id);
  }

  /** A line of the transcript of a session of which hooks tell. */
  line(id: string, line: string): void {
    this.#known.get(id)?.story.take(line);
  }

  /** A command runs: whoever was asked for it has said yes. */
  allowed(id: string, request: string): void {
    this.#known.get(id)?.waiting.delete(request);
    this.#sessions.resolve(id, request);
  }

  /** Whether what is said was so before a session had ended. One that begins again says so itself. */
  #hasLeft({ session_id, hook_event_name: name }: HookEvent, at: number): boolean {
    const left = this.#left.get(session_id);
    if (left === undefined) return false;
    const begins = name === "SessionStart" || name === "UserPromptSubmit";
    if (at < left + (begins ? 0 : LATE_MS)) return true;
    this.#left.delete(session_id);
    return false;
  }

  #take(session: HookedSession, event: HookEvent, at: number): void {
    const { id } = session;
    switch (event.hook_event_name) {
      case "UserPromptSubmit":
        // One that comes behind its own end is over.
        if (at < session.endedAt) return;
        this.#interrupt(session);
        session.begunAt = at;
        return this.#begin(session, event.prompt ?? "");
      case "Stop":
        return this.#endSoon(session, at, event.last_assistant_message);
      case "StopFailure":
        return this.#endSoon(session, at, undefined, event.error ?? "The model could not be asked.");
      case "SubagentStart":
        if (event.agent_id === undefined || this.#isLate(session, at)) return;
        this.#sessions.tell(id, {
          kind: "helper",
          helper: event.agent_id,
          name: session.coming.shift() ?? event.agent_type ?? "helper",
        });
        return;
      case "SubagentStop":
        if (event.agent_id !== undefined && this.#sessions.isBusy(id))
          this.#sessions.tell(id, { kind: "helper_gone", helper: event.agent_id });
        return;
      case "PreToolUse":
        if (!this.#isLate(session, at)) this.#tool(session, event, "running", at);
        return;
      case "PostToolUse":
        if (!this.#isLate(session, at)) this.#tool(session, event, "done", at);
        return;
      case "PostToolUseFailure":
        if (!this.#isLate(session, at)) this.#tool(session, event, "failed", at);
        return;
      case "PermissionRequest":
        if (!this.#isLate(session, at)) this.#ask(session, event, at);
        return;
      case "Notification":
        // It waits for the next thing to do: nothing of what was asked before is open any more.
        if (event.notification_type === "idle_prompt") this.#end(session, at);
        return;
      default:
    }
  }

  /** Ends a turn when the last that was said in it is read. */
  #endSoon(session: HookedSession, at: number, said?: string, problem?: string): void {
    if (at < session.begunAt) return;
    session.isEnding = true;
    session.endedAt = at;
    const { story } = session;
    void this.#readAll().then(() => {
      if (session.story !== story) return;
      if (
        said !== undefined &&
        said.trim() !== "" &&
        said.trim() !== session.said &&
        this.#sessions.isBusy(session.id)
      )
        this.#sessions.tell(session.id, { kind: "message", text: said, of: null });
      this.#end(session, at, problem);
    });
  }

  #begin(session: HookedSession, prompt: string): void {
    session.prompt = prompt;
    session.isEnding = false;
    session.said = "";
    session.running.clear();
    session.ended.clear();
    session.waiting.clear();
    session.coming.length = 0;
    session.story = new TranscriptStory(session.folder, (event) => this.#read(session.id, event));
    this.#sessions.begin(session.id, prompt);
  }

  /** Whoever wants something else before a turn has ended has interrupted it, and then nobody says that it is over. */
  #interrupt({ id, prompt, isEnding }: HookedSession): void {
    if (prompt === null || isEnding) return;
    this.#sessions.end(id, INTERRUPTED);
  }

  #end(session: HookedSession, at: number, problem?: string): void {
    session.endedAt = at;
    session.prompt = null;
    session.running.clear();
    session.waiting.clear();
    this.#sessions.end(
      session.id,
      problem === undefined ? undefined : { success: false, code: "model_failed", message: problem },
    );
  }

  /** Whether something was said before the end of the turn, and came behind it. */
  #isLate({ id, endedAt }: HookedSession, at: number): boolean {
    return !this.#sessions.isBusy(id) && at < endedAt + LATE_MS;
  }

  #tool(session: HookedSession, event: HookEvent, status: "running" | "done" | "failed", at: number): void {
    const { tool_name: name = "", tool_use_id: tool_id = "", tool_input: input = {} } = event;
    if (tool_id === "") return;
    const request = requestOf(name, input);
    if (status !== "running") this.#done(session, request, at);
    else if (session.ended.get(request) === undefined || at > (session.ended.get(request) ?? 0)) {
      if (isHelper(name) && session.coming.length < RUNNING_MAX)
        session.coming.push(textIn(input, "description") ?? "helper");
      remember(session.running, tool_id, request, RUNNING_MAX);
      if (name === "AskUserQuestion") this.#wait(session, request, questionOf(input), null);
    }
    if (!isShown(name)) return;
    this.#sessions.tell(session.id, {
      ...{ kind: "tool", tool_id, tool: toolKind(name), status, of: event.agent_id ?? null },
      title: toolTitle(name, input, session.folder),
    });
  }

  /** What a tool had asked is answered, since it has ended. */
  #done(session: HookedSession, request: string, at: number): void {
    remember(session.ended, request, at, RUNNING_MAX);
    this.allowed(session.id, request);
  }

  #ask(
    session: HookedSession,
    { tool_name: name = "", tool_input: input = {} }: HookEvent,
    at: number,
  ): void {
    const request = requestOf(name, input);
    // What has ended since was answered, and a tool that asks the person something is its question already.
    if (at < (session.ended.get(request) ?? 0) || name === "AskUserQuestion") return;
    if (session.waiting.size >= WAITING_MAX) return;
    const command = toolKind(name) === "execute" ? textIn(input, "command") : null;
    session.waiting.set(request, { command, asked: null });
    void askedFor(name, input, session.folder).then((asked) => {
      // It may be answered by now.
      if (session.waiting.has(request)) this.#show(session, request, asked);
    });
  }

  #wait(session: HookedSession, request: string, asked: AskedPermission, command: string | null): void {
    if (session.waiting.size >= WAITING_MAX) return;
    session.waiting.set(request, { command, asked: null });
    this.#show(session, request, asked);
  }

  #show(session: HookedSession, request: string, asked: AskedPermission): void {
    const waiting = session.waiting.get(request);
    if (waiting) waiting.asked = asked;
    this.#waits();
    const text = `It waits in its terminal for an answer. ${asked.text}`.slice(0, 4_000);
    this.#sessions.ask(session.id, request, { ...asked, text, options: [] });
  }

  /** What the transcript of a session tells beside the hooks. */
  #read(id: string, event: TranscriptNews): void {
    const session = this.#known.get(id);
    if (session === undefined || event === "over") return;
    if (typeof event === "object" && "prompt" in event) return;
    if (event === "interrupted") {
      session.prompt = null;
      session.waiting.clear();
      session.running.clear();
      this.#sessions.end(id, INTERRUPTED);
      return;
    }
    if (!this.#sessions.isBusy(id)) return;
    if (event.kind === "tool" && event.status !== "running") {
      const request = session.running.get(event.tool_id);
      if (request !== undefined) this.allowed(id, request);
    }
    if (event.kind === "message" && event.of === null) session.said = event.text.trim();
    // Hooks tell of helpers by other names, and of the session itself.
    const isTold = event.kind === "helper" || event.kind === "helper_gone" || event.kind === "session";
    if (!isTold) this.#sessions.tell(id, event);
  }
}
