import { ConflictError, isAgentVMError } from "oligarchy-agentvm/slim";
import type { AgentVM, LiveAgent, TaskHandle, TaskResult } from "oligarchy-agentvm/slim";
import { positionOf } from "../backend/studio.js";
import { DESKS, DOOR, SCENE_ID } from "../world/layout.js";
import { isHelper } from "./crew.js";
import type { Crew } from "./crew.js";
import type { Reviews } from "./reviews.js";
import type { Sprint, Ticket } from "./sprint.js";
import { TEMPS_MAX, isTemp } from "./temp.js";
import { inWords, isGoodAt } from "./tickets.js";

/** How a piece of news is meant. */
export type Tone = "plain" | "good" | "bad";

/** Tells the player something. */
export type Tell = (text: string, tone?: Tone) => void;

/** How many a team is. */
export const TEAM_SIZE = 3;

/** People who can be hired; the desks that are left are for temps. */
export const CREW_MAX = DESKS.length - TEMPS_MAX;

const FIRST_CREW = 5;
const NAMES = ["Ada", "Otto", "Cleo", "Grace", "Mira", "Linus", "Iris", "Ken", "Noor", "Yuki"];
const TYPES: readonly string[] = ["aider", "opencode", "claude"];

/** What the work is done with. */
export interface WorkParts {
  readonly agentvm: AgentVM;
  readonly crew: Crew;
  readonly sprint: Sprint;
  readonly reviews: Reviews;
  readonly tell: Tell;
  /** Types whose tasks somebody does; all of them where it is empty. */
  readonly workedOn: readonly string[];
}

/** What the player has done: gives tasks, calls teams, cancels, hires. What fails is told, and the game goes on. */
export class Work {
  readonly #parts: WorkParts;
  readonly #types: readonly string[];
  #hired = 0;
  #isClosed = false;

  constructor(parts: WorkParts) {
    this.#parts = parts;
    this.#types = typesToHire(parts.workedOn);
  }

  /** How many of the crew are there already. Temps of a game that was saved have lost their pool, and leave. */
  async count(): Promise<number> {
    const { agentvm } = this.#parts;
    let present = 0;
    for await (const agent of agentvm.agents.list()) {
      if (isTemp(agent)) await this.#try(() => agentvm.agents.remove(agent.id));
      else if (!isHelper(agent)) present += 1;
    }
    return present;
  }

  /** Brings in the first people, or counts those who are there already. */
  async moveIn(present: number): Promise<void> {
    this.#hired = present;
    while (this.#hired < FIRST_CREW && (await this.hire()));
  }

  /** Hires one more; false when that cannot be. */
  async hire(): Promise<boolean> {
    if (this.#hired >= CREW_MAX) {
      this.#parts.tell(`All ${CREW_MAX} jobs are taken. The last desks are kept for temps.`, "bad");
      return false;
    }
    const place = this.#hired;
    this.#hired += 1;
    const name = NAMES[place % NAMES.length] ?? "Sam";
    const agent_type = this.#types[place % this.#types.length] ?? "custom";
    const hired = await this.#try(() =>
      this.#parts.agentvm.agents.create({ agent_type, name, position: positionOf(DOOR), scene_id: SCENE_ID }),
    );
    if (hired === null) this.#hired -= 1;
    else this.#parts.tell(`${name} has joined the studio.`);
    return hired !== null;
  }

  /** Gives somebody a ticket. */
  async give(agent: LiveAgent, ticket: Ticket): Promise<void> {
    const { agentvm, sprint, tell } = this.#parts;
    const isFit = isGoodAt(agent.capabilities, ticket.kind);
    const task = await this.#try(() =>
      agentvm.tasks.assign({ agent_id: agent.id, prompt: ticket.prompt, task_type: ticket.kind }),
    );
    if (task === null) return;
    sprint.begin(ticket.id, [task.id], [agent.name], isFit);
    tell(`${agent.name} takes on “${ticket.title}”.`);
    void this.#follow(ticket, [task]);
  }

  /** Asks somebody for something in the player's own words. */
  async ask(agent: LiveAgent, prompt: string): Promise<void> {
    const task = await this.#try(() => this.#parts.agentvm.tasks.assign({ agent_id: agent.id, prompt }));
    if (task === null) return;
    this.#parts.tell(`${agent.name} takes on your request.`);
    const result = await this.#try(() => task.result());
    if (result === null) return;
    const { tell } = this.#parts;
    if (result.success) tell(`${agent.name} has done what you asked for.`, "good");
    if (result.success) this.#lookAt(prompt, task.id, agent.id, result);
    else tell(`${agent.name} could not do it: ${result.error?.message ?? "no reason was given"}`, "bad");
  }

  /** Calls three free people to the table for a ticket. */
  async callTeam(ticket: Ticket): Promise<void> {
    const { agentvm, crew, sprint, tell } = this.#parts;
    // The backend would make those who are missing, and here people come by being hired.
    const free = [...crew.members].filter(({ agent }) => agent.state === "idle").length;
    if (free < TEAM_SIZE) {
      tell(`A team of ${TEAM_SIZE} needs ${TEAM_SIZE} free people; there are ${free}. Wait, or hire.`, "bad");
      return;
    }
    const team = await this.#try(() =>
      agentvm.tasks.assignTeam({ prompt: ticket.prompt, team_size: TEAM_SIZE, task_type: ticket.kind }),
    );
    if (team === null) return;
    const tasks = await this.#try(() => Promise.all(team.tasks.map(({ id }) => agentvm.tasks.get(id))));
    const who = (tasks ?? []).map(({ agent_id }) => crew.get(agent_id ?? "")?.agent.name ?? "somebody");
    const isFit = (tasks ?? []).some(({ agent_id }) =>
      isGoodAt(crew.get(agent_id ?? "")?.agent.capabilities ?? [], ticket.kind),
    );
    sprint.begin(
      ticket.id,
      team.tasks.map(({ id }) => id),
      who,
      isFit,
    );
    tell(`${who.join(", ")} meet at the table for “${ticket.title}”.`);
    void this.#follow(ticket, team.tasks);
  }

  /** Takes somebody's work away. In a team, everybody's part of it. */
  async cancel(agent: LiveAgent): Promise<void> {
    const { sprint } = this.#parts;
    const taskId = agent.current_task_id;
    if (taskId === null) return;
    const { state } = sprint.ticketOf(taskId) ?? {};
    const ids = state?.status === "working" ? state.taskIds : [taskId];
    for (const id of ids) await this.#try(() => this.#cancelIfOpen(id));
  }

  /** Goes on watching the tickets of a game that was saved. */
  resume(): void {
    for (const ticket of this.#parts.sprint.tickets) {
      const { state } = ticket;
      if (state.status === "review") void this.#lookAgain(ticket, state.taskIds);
      if (state.status !== "working") continue;
      void this.#follow(
        ticket,
        state.taskIds.map((id) => this.#parts.agentvm.tasks.handle(id)),
      );
    }
  }

  /** From now on nothing is told. */
  close(): void {
    this.#isClosed = true;
  }

  /** A part that is over already, as in a team, is left as it is. */
  async #cancelIfOpen(taskId: string): Promise<void> {
    try {
      await this.#parts.agentvm.tasks.cancel(taskId, "The player changed their mind");
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  async #follow(ticket: Ticket, tasks: readonly TaskHandle[]): Promise<void> {
    const { sprint, tell } = this.#parts;
    const results = await this.#try(() => Promise.all(tasks.map((task) => task.result())));
    if (this.#isClosed) return;
    if (results === null) sprint.putBack(ticket.id);
    else {
      const given = tasks.map(({ id }, place) => ({ id, result: results[place] }));
      const toReview = given.flatMap(({ id, result }) => (result?.changes?.review === "open" ? id : []));
      const ending = sprint.end(ticket.id, results, toReview);
      if (ending === "review") await this.#lookAgain(ticket, toReview);
      if (ending === "review") tell(`“${ticket.title}” is done, and waits for you to look at it.`, "good");
      else if (ending === "done") tell(`“${ticket.title}” is done.`, "good");
      else if (ending === "cancelled") tell(`“${ticket.title}” was cancelled and is back on the board.`);
      else tell(`“${ticket.title}” went wrong: ${reasonOf(results)} It is back on the board.`, "bad");
    }
  }

  /** Has the player look at what the tasks of a ticket have changed; on what was seen to already there is a verdict. */
  async #lookAgain(ticket: Ticket, taskIds: readonly string[]): Promise<void> {
    const { agentvm, sprint } = this.#parts;
    const tasks = await this.#try(() => Promise.all(taskIds.map((id) => agentvm.tasks.get(id))));
    if (tasks === null) sprint.putBack(ticket.id);
    for (const { id, agent_id, changes } of tasks ?? []) {
      if (changes?.review === "open") this.#lookAt(ticket.title, id, agent_id, { changes });
      else sprint.reviewed(id, changes?.review !== "discarded");
    }
  }

  #lookAt(
    title: string,
    taskId: string,
    agentId: string | null,
    { changes }: Pick<TaskResult, "changes">,
  ): void {
    const { crew, reviews } = this.#parts;
    if (changes === null || changes.review !== "open" || this.#isClosed) return;
    const who = crew.get(agentId ?? "")?.agent.name ?? "somebody";
    reviews.add({ taskId, title, agentId, who, changes });
  }

  /** What a call gives; null, and the reason told, when it fails. */
  async #try<T>(call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (error) {
      if (this.#isClosed) return null;
      this.#parts.tell(problemOf(error), "bad");
      return null;
    }
  }
}

/** Who is hired: people whose work somebody does, and "custom", which is done by anybody, where there is nobody else. */
function typesToHire(workedOn: readonly string[]): readonly string[] {
  if (workedOn.length === 0 || workedOn.includes("*")) return TYPES;
  const own = workedOn.filter((type) => type !== "custom");
  return own.length > 0 ? own : workedOn;
}

function reasonOf(results: readonly TaskResult[]): string {
  return results.find(({ error }) => error !== null)?.error?.message ?? "no reason was given.";
}

/** Why a call failed and what to do, for the player. */
export function problemOf(error: unknown): string {
  if (!isAgentVMError(error)) return error instanceof Error ? error.message : "Something went wrong.";
  return `${error.message} ${error.remediation}`;
}

/** What somebody is good at, in words. */
export function skillsOf(agent: LiveAgent): string {
  return agent.capabilities.map(inWords).join(", ");
}
