import type { WorkState } from "../../../src/contract/work-states.js";
import type { Effects } from "./effects.js";

/** What happens at one moment of scripted work. */
export interface Step {
  /** Milliseconds after its beginning. */
  readonly at: number;
  readonly state?: WorkState;
  readonly says?: { readonly share: number; readonly message: string };
  readonly writes?: string;
}

/** What happens while scripted work takes its time, in order. The last moment is its end. */
export function stepsOf({ takes = 0, states = [], says = [], output = [] }: Effects): readonly Step[] {
  const ms = Math.round(takes * 1_000);
  const place = (share: number): number => Math.floor(ms * share);
  const steps: Step[] = [
    ...states.map((state, number) => ({ at: place(number / states.length), state })),
    ...says.map((message, number) => {
      const share = number / says.length;
      return { at: place(share), says: { share, message } };
    }),
    ...output.map((writes, number) => ({ at: place((number + 1) / output.length), writes })),
    { at: ms },
  ];
  // Those of one moment stay in their order.
  return steps.sort((one, other) => one.at - other.at);
}
