import type { AgentRecord } from "./agent-record.js";
import type { Change } from "./changes.js";
import { HeldTasks } from "./held-tasks.js";
import { Holdings } from "./holdings.js";
import { KeptAnswers } from "./kept-answers.js";
import { ownerOfGame } from "./owners.js";
import { gameKey, IdlePools } from "./idle-pools.js";
import { TaskQueue } from "./queue.js";
import { TasksByGame } from "./tasks-by-game.js";
import type { SessionRecord, TaskRecord, World } from "./world.js";

/** What is asked for often, kept beside the world: it follows each change and can be made anew from the world alone. */
export class Indexes {
  idle = new IdlePools();
  queue = new TaskQueue();
  tasksByGame = new TasksByGame();
  /** The tasks in the hands of workers. */
  held = new HeldTasks();
  holdings: Holdings;
  answers: KeptAnswers;
  /** Sessions by the hashes of their tokens. */
  sessionsByToken = new Map<string, string>();
  /** Agents of each game in the order of creation. */
  agentsByGame = new Map<string, Set<AgentRecord>>();
  sessionsByGame = new Map<string, number>();
  /** Games that lost an idle agent or gained a session: they may need another agent. */
  readonly short = new Set<string>();
  /** Games that may hold no spare agent more, and the bytes that one takes: they may get it as soon as there is room. */
  readonly cramped = new Map<string, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.holdings = new Holdings(world);
    this.answers = new KeptAnswers(world, this.holdings);
    this.#addAll();
  }

  /** Makes all of it anew from the world, which a command that failed has left as it was. Whether games are short is seen anew too. */
  renew(): void {
    this.idle = new IdlePools();
    this.queue = new TaskQueue();
    this.tasksByGame = new TasksByGame();
    this.held = new HeldTasks();
    this.holdings = new Holdings(this.#world);
    this.answers = new KeptAnswers(this.#world, this.holdings);
    this.agentsByGame = new Map();
    this.sessionsByGame = new Map();
    this.sessionsByToken = new Map();
    this.#addAll();
  }

  /** To be called with each change before the world is changed: what it takes away is still there to be seen. */
  before(change: Change): void {
    this.holdings.before(change);
    if (change.type === "agent.removed") {
      const record = this.#world.agents.get(change.data.agent_id);
      if (record) this.#removeAgent(record);
    } else if (change.type === "session.closed") {
      const session = this.#world.sessions.get(change.session_id);
      if (session) this.#removeSession(session);
    } else if (change.type === "task.forgotten") {
      const record = this.#world.tasks.get(change.task_id);
      if (record === undefined) return;
      this.queue.remove(record);
      this.tasksByGame.remove(record);
    } else if (change.type === "answer.forgotten") {
      const kept = this.#world.answers.get(change.owner)?.get(change.key);
      if (kept) this.answers.remove(change.owner, kept.bytes);
    } else if (change.type === "game.forgotten") {
      const owner = ownerOfGame(change.game_id);
      this.answers.remove(owner, this.answers.of(owner));
      this.cramped.delete(change.game_id);
    } else if (change.type === "token.issued") {
      this.#forgetTokens(change.session_id);
    }
  }

  /** To be called with each change after the world is changed. */
  after(change: Change): void {
    this.holdings.after(change);
    switch (change.type) {
      case "agent.created": {
        const record = this.#world.agents.get(change.data.agent.id);
        if (record) this.#addAgent(record);
        return;
      }
      case "agent.state_changed": {
        const record = this.#world.agents.get(change.data.agent_id);
        if (record === undefined) return;
        if (record.agent.state === "idle") this.#rest(record);
        else if (this.idle.remove(record)) this.short.add(gameKey(record.agent.game_id));
        return;
      }
      case "agent.observed": {
        const record = this.#world.agents.get(change.agent_id);
        if (record) this.idle.remove(record);
        return;
      }
      case "task.assigned":
        this.held.remove(change.data.task.id);
        return this.#placeTask(change.data.task.id);
      case "lease.begun": {
        const record = this.#world.tasks.get(change.task_id);
        return record && this.#hold(record, change.worker_id);
      }
      case "task.started":
      case "task.completed":
      case "task.failed":
      case "task.cancelled":
        return this.#placeTask(change.data.task_id);
      case "session.opened":
      case "token.issued": {
        const session = this.#world.sessions.get(change.session_id);
        if (session === undefined) return;
        return change.type === "session.opened" ? this.#addSession(session) : this.#rememberTokens(session);
      }
      case "answer.kept":
        return this.answers.add(change.owner, change.bytes, change.until);
      default:
    }
  }

  #addAll(): void {
    const { agents, tasks, sessions } = this.#world;
    this.short.add("");
    for (const record of agents.values()) this.#addAgent(record);
    for (const record of tasks.values()) this.#place(record);
    for (const [taskId, { worker_id }] of this.#world.leases) {
      const record = tasks.get(taskId);
      if (record?.task.status === "running") this.#hold(record, worker_id);
    }
    for (const session of sessions.values()) this.#addSession(session);
  }

  #placeTask(taskId: string): void {
    const record = this.#world.tasks.get(taskId);
    if (record) this.#place(record);
    if (record?.task.status !== "running") this.held.remove(taskId);
  }

  #hold({ task }: TaskRecord, workerId: string): void {
    this.held.add(task.id, workerId, gameKey(task.game_id));
  }

  #place(record: TaskRecord): void {
    this.queue.place(record);
    this.tasksByGame.place(record);
  }

  #addAgent(record: AgentRecord): void {
    const key = gameKey(record.agent.game_id);
    let members = this.agentsByGame.get(key);
    if (members === undefined) this.agentsByGame.set(key, (members = new Set()));
    members.add(record);
    if (record.agent.state === "idle") this.#rest(record);
  }

  /** What somebody does in a session of their own is not for others to give. */
  #rest(record: AgentRecord): void {
    if (!this.#world.observed.has(record.agent.id)) this.idle.add(record);
  }

  #removeAgent(record: AgentRecord): void {
    const key = gameKey(record.agent.game_id);
    const members = this.agentsByGame.get(key);
    members?.delete(record);
    if (members?.size === 0) this.agentsByGame.delete(key);
    this.idle.remove(record);
    this.short.add(key);
  }

  #addSession(session: SessionRecord): void {
    const { game_id: gameId } = session;
    this.#rememberTokens(session);
    this.sessionsByGame.set(gameId, (this.sessionsByGame.get(gameId) ?? 0) + 1);
    this.short.add(gameId);
  }

  #rememberTokens({ session_id, tokens }: SessionRecord): void {
    for (const hash of tokens) this.sessionsByToken.set(hash, session_id);
  }

  #forgetTokens(sessionId: string): void {
    for (const hash of this.#world.sessions.get(sessionId)?.tokens ?? []) this.sessionsByToken.delete(hash);
  }

  #removeSession({ session_id, game_id: gameId }: SessionRecord): void {
    this.#forgetTokens(session_id);
    const left = (this.sessionsByGame.get(gameId) ?? 0) - 1;
    if (left > 0) this.sessionsByGame.set(gameId, left);
    else this.sessionsByGame.delete(gameId);
  }
}
