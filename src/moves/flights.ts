import type { PositionsResult, PositionUpdate } from "../contract/index.js";
import type { AgentVMError } from "../errors/index.js";
import type { AgentRows } from "./agent-rows.js";
import type { MoverParts } from "./mover-parts.js";
import type { MovingAgent } from "./moving-agent.js";
import type { Owed } from "./owed.js";
import type { MoveAnswer } from "./position-update.js";
import type { WaitingAgents } from "./waiting-agents.js";

/** Agents that were told of as refused, so that a game that moves one in every frame hears it once. Past it they are told of again. */
const REFUSED_MAX = 1_000;

/** A message under way: who is in it, what it says of them, and the answers that are owed for it. */
export interface Flight {
  readonly agents: readonly MovingAgent[];
  readonly updates: PositionUpdate[];
  readonly owed: readonly Owed[];
  readonly at: number;
}

/** What flights work with. */
export interface FlightsParts extends Pick<MoverParts, "errorOf" | "report" | "stopped"> {
  readonly agents: AgentRows;
  readonly waiting: WaitingAgents;
  /** Has an agent wait to be told of. */
  readonly wait: (agent: MovingAgent) => void;
}

/** Gives the moves of each message their answers, and has agents told of again whose message was lost. */
export class Flights {
  readonly #parts: FlightsParts;
  readonly #refused = new Set<string>();

  constructor(parts: FlightsParts) {
    this.#parts = parts;
  }

  /** A message about agents that is to go out. */
  make(agents: readonly MovingAgent[], sequence: number, at: number): Flight {
    const updates = agents.map((agent) => agent.updateWith(sequence));
    return { agents, updates, owed: agents.map((agent) => agent.owed), at };
  }

  /** The server has answered. Gives how many moves came to nothing. */
  land({ agents, updates, owed }: Flight, { outdated = [], failed = [] }: PositionsResult): number {
    const others = outdated.length + failed.length === 0 ? null : this.#others(outdated, failed);
    for (let index = 0; index < updates.length; index += 1) {
      const [update, one] = [updates[index], owed[index]];
      if (update === undefined) continue;
      const { agent_id, position } = update;
      const other = others?.get(agent_id);
      if (other === undefined) {
        one?.give({ success: true, agent_id, position, applied: true });
        if (this.#refused.size > 0) this.#refused.delete(agent_id);
        continue;
      }
      this.#tell(agent_id, other.error);
      if (other.answer !== null) one?.give(other.answer);
      else {
        one?.fail(other.error);
        this.#letGo(agents[index]);
      }
    }
    return others?.size ?? 0;
  }

  /** Nobody will say what became of it: its agents are told of again, and their moves are answered then. */
  lose({ agents, owed, at }: Flight): void {
    const { agents: rows, stopped, wait } = this.#parts;
    for (const [index, agent] of agents.entries()) {
      const one = owed[index];
      if (rows.get(agent.id) !== agent) {
        one?.fail(stopped("unknown"));
        continue;
      }
      if (agent.doubt(at)) wait(agent);
      const newer = agent.owed.promise;
      if (one !== undefined && newer !== one.promise) one.follow(newer);
    }
  }

  /** It came to nothing as a whole: its moves fail, and what is still the newest of them is told of again. */
  fail({ agents, owed, at }: Flight, error: Error): void {
    const { agents: rows, report, wait } = this.#parts;
    report(error);
    for (const one of owed) one.fail(error);
    // What has moved on meanwhile is newer than what was lost.
    for (const agent of agents) if (rows.get(agent.id) === agent && agent.doubt(at)) wait(agent);
  }

  #others(
    outdated: NonNullable<PositionsResult["outdated"]>,
    failed: NonNullable<PositionsResult["failed"]>,
  ): Map<string, { readonly error: AgentVMError; readonly answer: MoveAnswer | null }> {
    const { errorOf } = this.#parts;
    const others = new Map<string, { readonly error: AgentVMError; readonly answer: MoveAnswer | null }>();
    for (const refusal of failed) others.set(refusal.agent_id, { error: errorOf(refusal), answer: null });
    for (const { agent_id, position } of outdated) {
      const error = `The agent '${agent_id}' stayed where it is: a move with a higher sequence came before.`;
      others.set(agent_id, {
        error: errorOf({ agent_id, code: "outdated", error }),
        answer: { success: true, agent_id, position, applied: false },
      });
    }
    return others;
  }

  #tell(agentId: string, error: AgentVMError): void {
    if (this.#refused.has(agentId)) return;
    if (this.#refused.size >= REFUSED_MAX) this.#refused.clear();
    this.#refused.add(agentId);
    this.#parts.report(error);
  }

  /** Lets go of an agent that could not be moved: its next move is looked at as the first one is. */
  #letGo(agent: MovingAgent | undefined): void {
    const { agents, waiting } = this.#parts;
    if (agent === undefined || agents.get(agent.id) !== agent || agents.rows.waits(agent.row)) return;
    waiting.remove(agent);
  }
}
