import type { AgentVM, LiveAgent, LiveAgents } from "oligarchy-agentvm/slim";
import { cellOf, distance } from "../world/grid.js";
import type { Cell, Point } from "../world/grid.js";
import { DOOR, REST_SPOTS, SEATS, TABLE_SEATS } from "../world/layout.js";
import type { Spot } from "../world/layout.js";
import { pick } from "../world/random.js";
import type { Chance } from "../world/random.js";
import type { Traffic } from "../world/traffic.js";
import { Walker } from "../world/walker.js";

/** Metres a second of somebody at work. */
const WALK = 2.6;
/** Seconds at the desk after work, and at one place of rest. */
const LINGER_SECONDS = 2.5;
const REST_SECONDS = [9, 24] as const;
/** A helper who is farther from whom it helps than this comes nearer, and looks so often whether it is. */
const HELP_METRES = 1.6;
const HELP_SECONDS = 0.5;

/** An agent as a character: what the backend says of it, and where it walks. */
export interface Member {
  readonly agent: LiveAgent;
  readonly walker: Walker;
  /** Its desk's number; -1 for who has none. */
  readonly desk: number;
}

interface Body {
  agent: LiveAgent;
  readonly walker: Walker;
  readonly desk: number;
  /** The place at the table or of rest that is its own for now. */
  spot: Spot | null;
  /** Seconds until it goes somewhere else while it has no work. */
  patience: number;
}

/** What the crew is made with. */
export interface CrewParts {
  readonly agentvm: AgentVM;
  readonly traffic: Traffic;
  readonly chance: Chance;
}

/** The agents of the game as people on the floor: who is there, and where each one goes for what it does. */
export class Crew {
  readonly #parts: CrewParts;
  readonly #live: LiveAgents;
  readonly #bodies = new Map<string, Body>();
  #version = 0;

  /** Begins to follow the agents of the connected game. */
  constructor(parts: CrewParts) {
    this.#parts = parts;
    this.#live = parts.agentvm.agents.live();
  }

  /** Everybody on the floor, in the order in which they came. */
  get members(): Iterable<Member> {
    return this.#bodies.values();
  }

  /** How many there are. */
  get size(): number {
    return this.#bodies.size;
  }

  /** One of them; undefined for one who is gone. */
  get(id: string): Member | undefined {
    return this.#bodies.get(id);
  }

  /** Whoever is nearest to a place, within some metres. Helpers are left to whom they help. */
  nearest(at: Point, reach: number): Member | null {
    let best: Body | null = null;
    for (const body of this.#bodies.values()) {
      if (isHelper(body.agent)) continue;
      const far = distance(body.walker.at, at);
      if (far <= (best === null ? reach : distance(best.walker.at, at))) best = body;
    }
    return best;
  }

  /** One frame: hears what is new, lets everybody walk, and tells the backend where they are. */
  frame(seconds: number, pace: number): void {
    this.#hear();
    for (const body of this.#bodies.values()) {
      this.#decide(body, seconds);
      body.walker.step(seconds, WALK * pace);
      const { x, z } = body.walker.at;
      // Not awaited: the SDK sends the newest place of each, as often as it is worth something.
      void this.#parts.agentvm.agents.move(body.agent.id, { x, y: 0, z });
    }
  }

  /** Ends the listening. */
  close(): void {
    this.#live.close();
  }

  #hear(): void {
    const { version, changed, removed, reset } = this.#live.changedSince(this.#version);
    this.#version = version;
    const gone = reset ? [...this.#bodies.keys()].filter((id) => this.#live.get(id) === undefined) : removed;
    for (const id of gone) {
      this.#bodies.get(id)?.walker.leave();
      this.#bodies.delete(id);
    }
    for (const agent of changed) {
      const body = this.#bodies.get(agent.id);
      if (body === undefined) this.#bodies.set(agent.id, this.#enter(agent));
      else body.agent = agent;
    }
  }

  #enter(agent: LiveAgent): Body {
    const { x, z } = agent.position;
    const parent = this.#parentOf(agent);
    // The backend places whoever was given no place at the origin, where the plant is.
    const placed = x === 0 && z === 0 ? DOOR : cellOf({ x, z });
    const start = parent === undefined ? placed : cellOf(parent.walker.at);
    const walker = new Walker(agent.id, this.#parts.traffic, start);
    const taken = new Set([...this.#bodies.values()].map(({ desk }) => desk));
    const desk = isHelper(agent) ? -1 : SEATS.findIndex((_seat, place) => !taken.has(place));
    return { agent, walker, desk, spot: null, patience: 0 };
  }

  #decide(body: Body, seconds: number): void {
    const { state } = body.agent;
    if (isHelper(body.agent)) this.#stayBeside(body, seconds);
    else if (state === "error") return;
    else if (state === "collaborating") this.#take(body, TABLE_SEATS);
    else if (state !== "idle") {
      body.spot = null;
      body.patience = LINGER_SECONDS;
      const seat = SEATS[body.desk];
      if (seat) body.walker.goTo(seat);
    } else if ((body.patience -= seconds) <= 0) {
      const [least, most] = REST_SECONDS;
      body.patience = least + (most - least) * this.#parts.chance();
      const free = this.#free(REST_SPOTS);
      if (free.length === 0) return;
      body.spot = pick(free, this.#parts.chance);
      body.walker.goTo(body.spot);
    }
  }

  #parentOf({ parent_agent_id }: LiveAgent): Body | undefined {
    return parent_agent_id === null ? undefined : this.#bodies.get(parent_agent_id);
  }

  /** A helper goes where whom it helps goes. */
  #stayBeside(body: Body, seconds: number): void {
    const parent = this.#parentOf(body.agent)?.walker;
    if (parent === undefined || (body.patience -= seconds) > 0) return;
    body.patience = HELP_SECONDS;
    if (distance(body.walker.at, parent.at) <= HELP_METRES) return;
    const { traffic } = this.#parts;
    const place: Cell | null = traffic.grid.nearest(
      cellOf(parent.at),
      (cell) => !traffic.isTaken(body.agent.id, cell),
    );
    if (place !== null) body.walker.goTo({ ...place, facing: "+z" });
  }

  /** Keeps the place among `spots` that it has, or takes the first free one. */
  #take(body: Body, spots: readonly Spot[]): void {
    body.patience = LINGER_SECONDS;
    if (body.spot === null || !spots.includes(body.spot)) body.spot = this.#free(spots)[0] ?? null;
    if (body.spot !== null) body.walker.goTo(body.spot);
  }

  #free(spots: readonly Spot[]): readonly Spot[] {
    const taken = new Set([...this.#bodies.values()].map(({ spot }) => spot));
    return spots.filter((spot) => !taken.has(spot));
  }
}

/** Whether somebody is there only to help another. */
export function isHelper({ parent_agent_id }: Pick<LiveAgent, "parent_agent_id">): boolean {
  return parent_agent_id !== null;
}
