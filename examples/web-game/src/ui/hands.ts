import type { Member } from "../play/crew.js";
import type { Pixel } from "../draw/iso.js";
import { button, el } from "./dom.js";

/** Raised hands above the people who wait for an answer: buttons, so that a pointer, a finger and the keyboard reach them. */
export class Hands {
  readonly view = el("div", { class: "hands" });
  readonly #hands = new Map<string, HTMLButtonElement>();
  readonly #onHand: (id: string) => void;

  /** `onHand` is called with the id of somebody whose hand was clicked. */
  constructor(onHand: (id: string) => void) {
    this.#onHand = onHand;
  }

  /** Shows the hands of those who wait, each where `placeOf` says, in pixels of the stage. */
  show(waiting: readonly Member[], placeOf: (member: Member) => Pixel | null): void {
    const seen = new Set<string>();
    for (const member of waiting) {
      const place = placeOf(member);
      if (place === null) continue;
      seen.add(member.agent.id);
      const hand = this.#hands.get(member.agent.id) ?? this.#raise(member);
      const { width, height } = this.view.getBoundingClientRect();
      // Who is out of sight can be answered from the edge.
      const x = Math.round(Math.max(52, Math.min(width - 52, place.x)));
      const y = Math.round(Math.max(52, Math.min(height - 8, place.y)));
      const where = `translate(-50%, -100%) translate(${x}px, ${y}px)`;
      if (hand.style.transform !== where) hand.style.transform = where;
    }
    for (const [id, hand] of this.#hands) {
      if (seen.has(id)) continue;
      hand.remove();
      this.#hands.delete(id);
    }
  }

  #raise({ agent: { id, name } }: Member): HTMLButtonElement {
    const hand = button("", () => this.#onHand(id), { class: "hand" });
    hand.append(
      el("span", { class: "palm", "aria-hidden": "true" }),
      el("span", { class: "asks" }, `${name} asks`),
    );
    this.view.append(hand);
    this.#hands.set(id, hand);
    return hand;
  }
}
