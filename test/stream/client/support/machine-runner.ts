import { decode } from "../../../../src/client/stream/decode.js";
import { initialState, step } from "../../../../src/client/stream/machine.js";
import type {
  Effect,
  Input,
  MachineState,
  Step,
  TimerName,
} from "../../../../src/client/stream/machine-types.js";
import { welcome } from "./frames.js";

export const START = 1_000_000;

/** Drives the machine by hand, one input after the other, and keeps what it answers. */
export class MachineRunner {
  state: MachineState;
  now = START;
  chance = 0.5;
  effects: readonly Effect[] = [];

  constructor(canConnectGame = true) {
    this.state = initialState(canConnectGame);
  }

  do(input: Input): this {
    const answer: Step = step(this.state, input, { now: this.now, chance: this.chance });
    this.state = answer.state;
    this.effects = answer.effects;
    return this;
  }

  /** What the present connection is told. */
  message(frame: unknown): this {
    const { connection } = this.state;
    const data = typeof frame === "object" ? JSON.stringify(frame) : frame;
    return this.do({ type: "message", connection, incoming: decode(data) });
  }

  timer(name: TimerName): this {
    return this.do({ type: "timer", name });
  }

  closed(code: number): this {
    return this.do({ type: "socket_closed", connection: this.state.connection, code });
  }

  answer(type: "game_connected" | "credentials_ready" | "socket_opened"): this {
    return this.do({ type, connection: this.state.connection });
  }

  open(): this {
    return this.do({ type: "open", subscribe: { game_id: "game_1" }, resume: null });
  }

  /** From wherever it waits to be connected, to authenticating. */
  toHello(): this {
    return this.answer("credentials_ready").answer("socket_opened");
  }

  /** Opened, and live at seq 10. */
  toLive(): this {
    return this.open()
      .toHello()
      .message(welcome({ seq: 10 }));
  }

  /** Live first, then cut off, back, and without a way to recover. */
  toRecovering(): this {
    return this.toLive()
      .closed(1006)
      .timer("retry")
      .toHello()
      .message(welcome({ seq: 90 }));
  }

  /** The types of the effects of the last input. */
  get types(): string[] {
    return this.effects.map((effect) => effect.type);
  }

  effect<T extends Effect["type"]>(type: T): Extract<Effect, { type: T }> | undefined {
    return this.effects.find((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
  }

  /** The seqs of the events that the last input told. */
  get told(): number[] {
    return this.effects.flatMap((effect) => (effect.type === "event" ? [effect.event.seq] : []));
  }
}
