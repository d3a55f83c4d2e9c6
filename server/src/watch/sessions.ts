import type { Clock } from "oligarchy-agentvm";
import type { RunningObserver } from "oligarchy-agentvm/worker";
import type { AgentEvent } from "../agent-events.js";
import type { Redact } from "../worker/character.js";
import { WatchedTurn } from "./turn.js";
import type { Answered, AskedOf, TurnEnd } from "./turn.js";

/** Sessions that are seen at the same time; of more, the one of which nothing was seen for longest leaves. */
const SESSIONS_MAX = 64;

/** Characters of a name and of a prompt. */
const NAME_MAX = 80;
const PROMPT_MAX = 10_000;

/** What is told where nobody has seen how a turn began. */
const BEGUN_BEFORE = "Something that was begun before it was watched.";

interface Session {
  readonly type: string;
  readonly name: string;
  turn: WatchedTurn | null;
  end: () => void;
}

/** The sessions that are seen, whichever agent they are of, and what is done in them. */
export class WatchedSessions {
  readonly #observer: Pick<RunningObserver, "see" | "begin" | "leave">;
  readonly #clock: Clock;
  readonly #redact: Redact;
  /** The one of which something was seen last stands last. */
  readonly #sessions = new Map<string, Session>();

  constructor(observer: Pick<RunningObserver, "see" | "begin" | "leave">, clock: Clock, redact: Redact) {
    this.#observer = observer;
    this.#clock = clock;
    this.#redact = redact;
  }

  /** Whether a session is seen now. */
  has(id: string): boolean {
    return this.#sessions.has(id);
  }

  /** What a session is called; null for one that is not seen. */
  nameOf(id: string): string | null {
    return this.#sessions.get(id)?.name ?? null;
  }

  /** A session is there, called so, or so with a number where another one is. The second time it does nothing. */
  see(id: string, type: string, name: string): void {
    const known = this.#sessions.get(id);
    if (known) {
      this.#sessions.delete(id);
      this.#sessions.set(id, known);
      return;
    }
    const told = this.#free(this.#redact(name).replaceAll(/\s+/g, " ").trim().slice(0, NAME_MAX) || type);
    this.#sessions.set(id, { type, name: told, turn: null, end: () => undefined });
    this.#observer.see({ id, agentType: type, name: told });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > SESSIONS_MAX && oldest !== undefined) this.leave(oldest);
  }

  /** Somebody wants something of a session. */
  begin(id: string, prompt: string): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.end(id);
    const turn = new WatchedTurn(this.#clock, this.#redact);
    const told = this.#redact(prompt).trim().slice(0, PROMPT_MAX);
    session.turn = turn;
    session.end = this.#observer.begin(id, { prompt: told === "" ? BEGUN_BEFORE : told, work: turn.work });
  }

  /** Something is done in a session. */
  tell(id: string, event: AgentEvent): void {
    this.#turnOf(id)?.tell(event);
  }

  /** A session waits for the person. */
  ask(id: string, request: string, asked: AskedOf, answered?: Answered): void {
    this.#turnOf(id)?.ask(request, asked, answered);
  }

  /** It waits for that no more. */
  resolve(id: string, request: string): void {
    this.#sessions.get(id)?.turn?.resolve(request);
  }

  /** It waits for nothing any more. */
  resolveAll(id: string): void {
    this.#sessions.get(id)?.turn?.resolveAll();
  }

  /** Whether something is done in a session now. */
  isBusy(id: string): boolean {
    return this.#sessions.get(id)?.turn?.isOver === false;
  }

  /** What was wanted of a session is over. */
  end(id: string, end: TurnEnd = { success: true }): void {
    const session = this.#sessions.get(id);
    if (session?.turn?.isOver !== false) return;
    session.turn.end(end);
    session.end();
  }

  /** A session is there no more. */
  leave(id: string): void {
    this.end(id, {
      success: false,
      code: "session_ended",
      message: "The session was ended in the middle of it.",
    });
    if (this.#sessions.delete(id)) this.#observer.leave(id);
  }

  /** A name that no other session has: beside "my game" there is "my game 2". */
  #free(name: string): string {
    const taken = new Set(Array.from(this.#sessions.values(), (session) => session.name));
    for (let number = 1; ; number += 1) {
      const free = number === 1 ? name : `${name.slice(0, NAME_MAX - 4).trimEnd()} ${number}`;
      if (!taken.has(free)) return free;
    }
  }

  /** The turn that is under way; where none is, one has begun that nobody saw begin. */
  #turnOf(id: string): WatchedTurn | null {
    if (!this.#sessions.has(id)) return null;
    if (!this.isBusy(id)) this.begin(id, "");
    return this.#sessions.get(id)?.turn ?? null;
  }
}
