import { createBackendClock, createRandom } from "../../../mock-server/domain/index.js";
import { AgentVM, isAgentVMError } from "../../../src/slim.js";
import type { ConnectionState, StreamEvent } from "../../../src/slim.js";
import { wsSocket } from "../behaviour/live-host.js";
import { FaultProxy } from "./fault-proxy.js";
import type { Fault } from "./fault-proxy.js";
import { Places } from "./places.js";

/** How many times as fast the client's time goes: a silence of 30 seconds takes three. */
const SPEED = 10;

/** The name of the agent that every run creates at its end. */
const LAST = "The last";

/** One client with a game of its own, behind a network of its own, from beginning to end. */
export class FaultRun {
  readonly seed: number;
  /** What stands in the stream. */
  readonly told: StreamEvent[] = [];
  /** Where its agents are, by what stands in the stream and beside it. */
  readonly places = new Places();
  /** Moves that were told. */
  moves = 0;
  /** Times that the stream came back. */
  returns = 0;
  gameId = "";
  isDone = false;
  /** What it is at, for who has to find out why it does not go on. */
  doing = "nothing yet";
  readonly #proxy: FaultProxy;
  readonly #clock = createBackendClock({ speed: SPEED });
  readonly #random = createRandom(0);
  readonly #moving: Promise<void>[] = [];
  #agentvm: AgentVM | null = null;
  #wake: () => void = () => undefined;

  /** `upstreamPort` is where the server of now is. */
  constructor(seed: number, upstreamPort: () => number) {
    this.seed = seed;
    this.#random = createRandom(seed);
    const network = createRandom(seed ^ 0x5eed);
    this.#proxy = new FaultProxy(() => network.next(), upstreamPort);
  }

  /** What the network did, in order of connections. */
  get faults(): readonly Fault[] {
    return this.#proxy.chosen;
  }

  /** Connects, works and waits for the work, while the network does what it does. */
  async work(): Promise<void> {
    const port = await this.#proxy.listen();
    const agentvm = new AgentVM({
      endpoint: `http://127.0.0.1:${port}`,
      apiKey: "development-key",
      WebSocket: wsSocket,
      fetch: (input, init) => fetch(input, init),
      clock: this.#clock,
      random: () => this.#random.next(),
      retries: 20,
      timeoutMs: 15_000,
    });
    this.#agentvm = agentvm;
    agentvm.on("*", (event) => {
      this.places.take(event);
      if (event.type === "agent.moved") this.moves += 1;
      else this.told.push(event);
      this.#wake();
    });
    agentvm.on("connection", ({ current }) => {
      if (current.status === "live") this.returns += 1;
    });
    this.doing = "connecting";
    await this.#insist(async () => {
      this.gameId = (await agentvm.connect({ game_id: `run_${this.seed}` })).game_id;
    });
    const tasks = 1 + Math.floor(this.#random.next() * 3);
    for (let task = 0; task < tasks; task += 1) await this.#tolerate(() => this.#oneTask(agentvm));
    this.isDone = true;
  }

  /** The network becomes calm, one last thing happens, and the client has to learn of it. */
  async settle(): Promise<{ readonly seq: number; readonly epoch: string }> {
    const agentvm = this.#agentvm;
    if (agentvm === null) throw new Error("The run has not begun.");
    this.#proxy.calm();
    await Promise.all(this.#moving);
    await this.#insist(async () => {
      await agentvm.agents.create({ agent_type: "custom", name: LAST });
    });
    for (;;) {
      const event = this.told.find((one) => one.type === "agent.created" && one.data.agent.name === LAST);
      // It may also have come to be while a gap was bridged.
      const gap = this.told.findLast((one) => one.type === "gap");
      if (event !== undefined && event.type !== "gap") return event;
      if (gap?.type === "gap" && gap.agents?.some(({ name }) => name === LAST) === true) return gap.to;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** How the client stands, for who has to find out why nothing comes. */
  get state(): ConnectionState | null {
    return this.#agentvm?.state ?? null;
  }

  async close(): Promise<void> {
    await this.#agentvm?.close();
    this.#clock.close();
    await this.#proxy.close();
  }

  async #oneTask(agentvm: AgentVM): Promise<void> {
    this.doing = "creating";
    const agent = await agentvm.agents.create({ agent_type: "aider", game_id: this.gameId });
    this.doing = "assigning";
    const task = await agentvm.tasks.assign({ prompt: "Fix the jump", agent_id: agent.id });
    const position = { x: this.#random.next() * 100, y: 0, z: 0 };
    this.doing = "moving";
    await this.#tolerate(() => agentvm.agents.move(agent.id, position));
    // As a game loop does it: nobody waits for them one by one.
    for (let step = 1; step <= 5; step += 1)
      this.#moving.push(this.#tolerate(() => agentvm.agents.move(agent.id, { ...position, z: step })));
    this.doing = "cancelling";
    if (this.#random.next() < 0.2) await this.#tolerate(() => task.cancel("not wanted"));
    this.doing = "waiting for a result";
    await task.result();
    this.doing = "removing";
    if (this.#random.next() < 0.3) await agentvm.agents.remove(agent.id);
  }

  /** What the network or a restart keeps from being done is not what is tested here. */
  async #tolerate(work: () => PromiseLike<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isAgentVMError(error)) throw error;
    }
  }

  /** Tries until it works. */
  async #insist(work: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        if (!isAgentVMError(error) || !(error.retryable || error.status === 401)) throw error;
      }
    }
  }
}
