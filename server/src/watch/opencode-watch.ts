import { basename } from "node:path";
import type { CancelTimer, Clock } from "oligarchy-agentvm";
import { kindOf, requestOf, titleOf } from "../adapters/opencode/tools.js";
import { serverSent } from "../adapters/opencode/server-sent.js";
import * as wire from "../adapters/opencode/wire.js";
import type { WireEvent, WirePart, WirePermission } from "../adapters/opencode/wire.js";
import { reachOf } from "../permissions/reach.js";
import { wordsFor } from "../permissions/words.js";
import type { WatchedSessions } from "./sessions.js";

/** Milliseconds until a server that is not there is tried again. */
const AGAIN_MS = 2_000;

/** Sessions, messages and parts that are remembered. */
const REMEMBERED_MAX = 5_000;

const STATUS = { pending: "pending", running: "running", completed: "done", error: "failed" } as const;

/** What the player may say to a permission, as opencode calls it. */
const REPLIES = [
  { id: "once", label: "Once" },
  { id: "always", label: "Always", hint: "As long as this opencode runs" },
  { id: "reject", label: "No" },
] as const;

/** A running server of opencode's that is watched. */
export interface OpencodeServer {
  readonly url: string;
  /** Its password; null where it has none. */
  readonly password: string | null;
  readonly username: string;
}

/** Makes characters of the sessions of a running `opencode serve`, and passes on what the player says to their permissions. */
export class OpencodeWatch {
  readonly #server: OpencodeServer;
  readonly #sessions: WatchedSessions;
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  readonly #stop = new AbortController();
  /** The session that somebody sees, of each session: of a helper's that of whom it helps. */
  readonly #roots = new Map<string, string>();
  readonly #prompts = new Map<string, string>();
  readonly #titles = new Map<string, string>();
  readonly #told = new Map<string, string>();
  #isAway = false;

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
    this.#server = server;
    this.#sessions = sessions;
    this.#clock = clock;
    this.#warn = warn;
  }

  /** Follows it until it is closed, and comes back when it was gone. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (this.#isStopped) return;
        if (!this.#isAway)
          this.#warn(
            `opencode at ${this.#server.url} cannot be watched: ${wordsOf(error)} It is tried again.`,
          );
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

  get #headers(): Record<string, string> {
    const { username, password } = this.#server;
    const json = { "content-type": "application/json" };
    if (password === null) return json;
    return { ...json, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    const response = await fetch(`${this.#server.url}/event`, { headers: this.#headers, signal });
    if (response.status === 401)
      throw new Error(
        "it wants a password: set OPENCODE_SERVER_PASSWORD to the one that it was started with.",
      );
    if (!response.ok || response.body === null) throw new Error(`it answers with ${response.status}.`);
    this.#isAway = false;
    for await (const value of serverSent(response.body)) {
      const read = wire.event.safeParse(value);
      if (read.success) this.#take(read.data);
    }
  }

  /** What is not there any more is not seen any more. */
  #away(): void {
    this.#isAway = true;
    for (const root of new Set(this.#roots.values())) this.#sessions.leave(root);
    for (const all of [this.#roots, this.#prompts, this.#titles, this.#told]) all.clear();
  }

  #pause(): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      let cancel: CancelTimer = () => undefined;
      const end = (): void => {
        cancel();
        resolve();
      };
      cancel = this.#clock.setTimeout(end, AGAIN_MS);
      signal.addEventListener("abort", end, { once: true });
    });
  }

  #take({ type, properties }: WireEvent): void {
    switch (type) {
      case "session.created":
        return this.#created(properties.info);
      case "message.updated":
        if (properties.info.role === "user") remember(this.#prompts, properties.info.id, "");
        return;
      case "message.part.updated":
        return this.#part(properties.part);
      case "session.idle":
        return this.#idle(properties.sessionID);
      case "session.error": {
        const root = this.#roots.get(properties.sessionID ?? "");
        if (root === undefined || root !== properties.sessionID) return;
        const message = properties.error?.data.message ?? properties.error?.name ?? "It failed.";
        return this.#sessions.end(root, { success: false, code: "agent_failed", message });
      }
      case "permission.asked":
        return this.#permission(properties);
      case "permission.replied": {
        const root = this.#roots.get(properties.sessionID);
        return root === undefined ? undefined : this.#sessions.resolve(root, properties.requestID);
      }
      default:
    }
  }

  #created({ id, parentID, title }: { id: string; parentID?: string | undefined; title: string }): void {
    remember(this.#titles, id, title);
    if (parentID === undefined) return;
    const root = this.#rootOf(parentID);
    remember(this.#roots, id, root);
    this.#sessions.tell(root, { kind: "helper", helper: id, name: title.replace(/ \(@[^)]*\)$/, "") });
  }

  /** The session that is seen; one of which nothing was known is there from now on. */
  #rootOf(id: string): string {
    const known = this.#roots.get(id);
    if (known !== undefined) return known;
    remember(this.#roots, id, id);
    const title = this.#titles.get(id) ?? "";
    // Until somebody has said what it is about, it is called by the time.
    const isNamed = title !== "" && !/^New session/.test(title);
    this.#sessions.see(id, "opencode", isNamed ? title : basename(new URL(this.#server.url).host));
    return id;
  }

  #part(part: WirePart): void {
    const root = this.#rootOf(part.sessionID);
    const of = part.sessionID === root ? null : part.sessionID;
    switch (part.type) {
      case "text":
        if (this.#prompts.has(part.messageID)) {
          if (of === null && part.synthetic !== true && this.#first(part.messageID, "begun"))
            this.#sessions.begin(root, part.text);
        } else if (part.time?.end !== undefined && part.text.trim() !== "" && this.#first(part.id, "said"))
          this.#sessions.tell(root, { kind: "message", text: part.text, of });
        return;
      case "reasoning":
      case "step-start":
        if (this.#sessions.isBusy(root)) this.#sessions.tell(root, { kind: "thought", of });
        return;
      case "tool": {
        const { status, input, title } = part.state;
        this.#sessions.tell(root, {
          ...{ kind: "tool", tool_id: part.id, tool: kindOf(part.tool), status: STATUS[status], of },
          title: titleOf(part.tool, input, title),
        });
        return;
      }
      default:
    }
  }

  #idle(id: string): void {
    const root = this.#roots.get(id);
    if (root === undefined) return;
    if (root === id) this.#sessions.end(root);
    else if (this.#sessions.isBusy(root)) this.#sessions.tell(root, { kind: "helper_gone", helper: id });
  }

  #permission(asked: WirePermission): void {
    const root = this.#rootOf(asked.sessionID);
    const words = wordsFor(requestOf(asked), reachOf("/"), null);
    this.#sessions.ask(root, asked.id, { ...words, options: [...REPLIES] }, (reply) => {
      void this.#reply(asked.id, reply ?? "reject");
    });
  }

  async #reply(id: string, reply: string): Promise<void> {
    try {
      await fetch(`${this.#server.url}/permission/${encodeURIComponent(id)}/reply`, {
        method: "POST",
        headers: this.#headers,
        signal: this.#stop.signal,
        body: JSON.stringify({ reply }),
      });
    } catch (error) {
      if (!this.#isStopped)
        this.#warn(`What the player said could not be told to opencode: ${wordsOf(error)}`);
    }
  }

  #first(id: string, what: string): boolean {
    if (this.#told.get(id) === what) return false;
    remember(this.#told, id, what);
    return true;
  }
}

function remember<T>(all: Map<string, T>, key: string, value: T): void {
  all.delete(key);
  all.set(key, value);
  const [oldest] = all.keys();
  if (all.size > REMEMBERED_MAX && oldest !== undefined) all.delete(oldest);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
