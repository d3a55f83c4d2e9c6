import type { Sprint } from "../play/sprint.js";
import { button, el } from "./dom.js";

/** The last page of a game: how the day went. */
export class Ending {
  readonly view = el("dialog", { class: "ending", "aria-labelledby": "ending-title" });
  readonly #title = el("h2", { id: "ending-title" });
  readonly #stars = el("p", { class: "stars", role: "img" });
  readonly #text = el("p");

  constructor({ onAgain }: { readonly onAgain: () => void }) {
    const buttons = el(
      "div",
      { class: "buttons" },
      button("New game", onAgain, { class: "primary" }),
      button("Stay on the floor", () => this.view.close()),
    );
    this.view.append(this.#stars, this.#title, this.#text, buttons);
  }

  /** Tells how it went. */
  show(sprint: Sprint): void {
    const { tickets, done, points, stars, clock, ending } = sprint;
    this.#stars.textContent = "★".repeat(stars) + "☆".repeat(3 - stars);
    this.#stars.setAttribute("aria-label", `${stars} of 3 stars`);
    this.#title.textContent = ending === "shipped" ? "Shipped!" : "The day is over";
    const when = ending === "shipped" ? `at ${clock}` : "at six o’clock";
    this.#text.textContent = `${done} of ${tickets.length} tickets were done ${when}, for ${points} points.`;
    if (!this.view.open) this.view.showModal();
  }
}
