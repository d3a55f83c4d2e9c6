import { basename } from "node:path";
import type { CancelTimer, Clock } from "oligarchy-agentvm";
import * as z from "zod";
import { Told } from "../adapters/opencode/told.js";
import { helperName, toolOf } from "../adapters/opencode/tools.js";
import * as wire from "../adapters/opencode/wire.js";
import type { WireEvent, WirePart } from "../adapters/opencode/wire.js";
import { remember } from "../remember.js";
import { OpencodeAsking } from "./opencode-asking.js";
import { OpencodeLink, Unwatchable, wordsOf } from "./opencode-link.js";
import type { OpencodeServer } from "./opencode-link.js";
import type { WatchedSessions } from "./sessions.js";

/** Milliseconds until a server that is not there is tried again. */
const AGAIN_MS = 2_000;

/** Sessions, messages and parts that are remembered. */
const REMEMBERED_MAX = 5_000;

/** How far up a session is looked for that somebody sees. */
const DEPTH_MAX = 10;

const list = z.array(z.unknown());

type Info = z.output<typeof wire.session>;

/** Makes characters of the sessions of a running `opencode serve`, and passes on what the player says to what they ask. */
export class OpencodeWatch {
  readonly #url: string;
  readonly #link: OpencodeLink;
  readonly #asking: OpencodeAsking;
  readonly #sessions: WatchedSessions;
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  readonly #stop = new AbortController();
  /** The session that somebody sees, of each session: of a helper's that of whom it helps. */
  readonly #roots = new Map<string, string>();
  readonly #infos = new Map<string, Info>();
  readonly #prompts = new Map<string, string>();
  readonly #told = new Told(REMEMBERED_MAX);
  /** Why it cannot be watched, as that was told last; null while it is. */
  #problem: string | null = null;

  constructor(
    server: OpencodeServer,
    {
      sessions,
      clock,
      warn,
    }: {
      readonly sessions: WatchedSessions;
      readonly clock: Clock;
      readonly warn: (text: string) => void;
    },
  ) {
    this.#url = server.url;
    this.#link = new OpencodeLink(server, clock, this.#stop.signal);
    this.#asking = new OpencodeAsking(this.#link, sessions, (text) => {
      if (!this.#isStopped) warn(text);
    });
    this.#sessions = sessions;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Follows it until it is closed, and comes back when it was gone. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#follow();
        this.#cannot("gone", "it has hung up.");
      } catch (error) {
        this.#cannot(error instanceof Unwatchable ? error.message : "gone", wordsOf(error));
      }
      this.#away();
      await this.#pause();
    }
  }

  close(): void {
    this.#stop.abort();
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Tells why it cannot be watched, once as long as that is the same. */
  #cannot(problem: string, words: string): void {
    if (this.#isStopped || problem === this.#problem) return;
    this.#problem = problem;
    this.#warn(`opencode at ${this.#url} cannot be watched: ${words} It is tried again.`);
  }

  async #follow(): Promise<void> {
    const events = await this.#link.events();
    this.#problem = null;
    await this.#catchUp();
    for await (const value of events) {
      const read = wire.event.safeParse(value);
      if (!read.success) continue;
      const session = sessionOf(read.data);
      if (session !== null) await this.#meet(session);
      this.#take(read.data);
    }
  }

  /** Learns what is under way already, and what waits for the person. */
  async #catchUp(): Promise<void> {
    const read = (path: string): Promise<unknown> => this.#link.get(path).catch(() => null);
    const statuses = wire.statuses.safeParse(await read("/session/status"));
    for (const [id, { type }] of Object.entries(statuses.data ?? {}).slice(0, REMEMBERED_MAX)) {
      if (type === "idle") continue;
      await this.#meet(id);
      const root = this.#rootOf(id);
      if (!this.#sessions.isBusy(root)) this.#sessions.begin(root, "");
      if (root !== id) this.#helper(root, id);
    }
    for (const value of list.safeParse(await read("/permission")).data ?? []) {
      const asked = wire.permission.safeParse(value);
      if (!asked.success) continue;
      await this.#meet(asked.data.sessionID);
      this.#asking.permission(this.#rootOf(asked.data.sessionID), asked.data);
    }
    for (const value of list.safeParse(await read("/question")).data ?? []) {
      const asked = wire.question.safeParse(value);
      if (!asked.success) continue;
      await this.#meet(asked.data.sessionID);
      this.#asking.question(this.#rootOf(asked.data.sessionID), asked.data);
    }
  }

  /** Asks who a session is that was there before it was watched, so that a helper is not taken for a session of its own. */
  async #meet(session: string): Promise<void> {
    let id: string | undefined = session;
    for (let depth = 0; depth < DEPTH_MAX && id !== undefined && !this.#infos.has(id); depth += 1) {
      const read = wire.session.safeParse(await this.#link.get(`/session/${encodeURIComponent(id)}`));
      const info: Info = read.data ?? { id, title: "" };
      remember(this.#infos, id, info, REMEMBERED_MAX);
      id = info.parentID;
    }
  }

  /** What is not there any more is not seen any more. */
  #away(): void {
    for (const root of new Set(this.#roots.values())) this.#sessions.leave(root);
    for (const all of [this.#roots, this.#infos, this.#prompts, this.#told]) all.clear();
  }

  #pause(): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      let cancel: CancelTimer = () => undefined;
      const end = (): void => {
        cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      cancel = this.#clock.setTimeout(end, AGAIN_MS);
      signal.addEventListener("abort", end);
    });
  }

  #take({ type, properties }: WireEvent): void {
    switch (type) {
      case "session.created": {
        const { id, parentID } = properties.info;
        remember(this.#infos, id, properties.info, REMEMBERED_MAX);
        if (parentID !== undefined) this.#helper(this.#rootOf(id), id);
        return;
      }
      case "session.deleted":
        return this.#deleted(properties.info.id);
      case "message.updated":
        if (properties.info.role === "user") remember(this.#prompts, properties.info.id, "", REMEMBERED_MAX);
        return;
      case "message.part.updated":
        return this.#part(properties.part);
      case "session.idle":
        return this.#idle(properties.sessionID);
      case "session.error": {
        const root = this.#roots.get(properties.sessionID ?? "");
        if (root === undefined || root !== properties.sessionID) return;
        const message = properties.error?.data.message ?? properties.error?.name ?? "It failed.";
        const code = properties.error?.name === "MessageAbortedError" ? "interrupted" : "agent_failed";
        return this.#sessions.end(root, { success: false, code, message });
      }
      case "permission.asked":
        return this.#asking.permission(this.#rootOf(properties.sessionID), properties);
      case "question.asked":
        return this.#asking.question(this.#rootOf(properties.sessionID), properties);
      case "permission.replied":
      case "question.replied":
      case "question.rejected": {
        const root = this.#roots.get(properties.sessionID);
        return root === undefined ? undefined : this.#sessions.resolve(root, properties.requestID);
      }
      default:
    }
  }

  #helper(root: string, helper: string): void {
    const name = helperName(this.#infos.get(helper)?.title ?? "");
    this.#sessions.tell(root, { kind: "helper", helper, name });
  }

  /** The session that is seen; one of which nothing was known is there from now on. */
  #rootOf(id: string): string {
    const known = this.#roots.get(id);
    if (known !== undefined) return known;
    // Set before its parent is looked at, so that two that are each other's parent come to an end.
    remember(this.#roots, id, id, REMEMBERED_MAX);
    const { parentID, title = "", directory = "" } = this.#infos.get(id) ?? {};
    const root = parentID === undefined ? id : this.#rootOf(parentID);
    remember(this.#roots, id, root, REMEMBERED_MAX);
    // Until somebody has said what it is about, it is called by the time.
    const isNamed = title !== "" && !/^New session/.test(title);
    const unnamed = basename(directory) || new URL(this.#url).host;
    if (root === id) this.#sessions.see(id, "opencode", isNamed ? title : unnamed);
    return root;
  }

  #part(part: WirePart): void {
    const root = this.#rootOf(part.sessionID);
    const of = part.sessionID === root ? null : part.sessionID;
    switch (part.type) {
      case "text":
        if (this.#prompts.has(part.messageID)) {
          if (of === null && part.synthetic !== true && this.#told.first(part.messageID, "begun"))
            this.#sessions.begin(root, part.text);
        } else if (
          part.time?.end !== undefined &&
          part.text.trim() !== "" &&
          this.#told.first(part.id, "said")
        )
          this.#tell(root, { kind: "message", text: part.text, of });
        return;
      case "reasoning":
      case "step-start":
        return this.#tell(root, { kind: "thought", of });
      case "tool": {
        const told = toolOf(part, null, of);
        // A tool that runs is a sign of a turn that nobody saw begin.
        if (told.status === "running") this.#sessions.tell(root, told);
        else this.#tell(root, told);
        return;
      }
      default:
    }
  }

  /** Tells what is done in a turn; what comes behind its end begins none. */
  #tell(root: string, event: Parameters<WatchedSessions["tell"]>[1]): void {
    if (this.#sessions.isBusy(root)) this.#sessions.tell(root, event);
  }

  #idle(id: string): void {
    const root = this.#roots.get(id);
    if (root === undefined) return;
    if (root === id) this.#sessions.end(root);
    else this.#tell(root, { kind: "helper_gone", helper: id });
  }

  #deleted(id: string): void {
    this.#idle(id);
    if (this.#roots.get(id) === id) this.#sessions.leave(id);
    this.#roots.delete(id);
  }
}

/** The session of an event that says so much of one that it is seen. */
function sessionOf({ type, properties }: WireEvent): string | null {
  if (type === "message.part.updated") return properties.part.sessionID;
  if (type === "session.created") return properties.info.parentID ?? null;
  return type === "permission.asked" || type === "question.asked" ? properties.sessionID : null;
}
