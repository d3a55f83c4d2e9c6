import type { Sprint, Ticket } from "../play/sprint.js";
import { inWords } from "../play/tickets.js";
import { button, el } from "./dom.js";

const MARKS = { open: "○", working: "◐", review: "±", done: "✓" } as const;
const WORDS = { open: "open", working: "in work", review: "to look at", done: "done" } as const;

/** The tickets of the sprint as a list, each with its state in words. */
export class TicketList {
  readonly view = el("ol", { class: "tickets", "aria-label": "Tickets" });
  readonly #onTeam: (ticket: Ticket) => void;

  /** `onTeam` is called with the ticket that a team is wanted for. */
  constructor(onTeam: (ticket: Ticket) => void) {
    this.#onTeam = onTeam;
  }

  /** Shows the tickets as they stand; the focus stays where it was. */
  show(sprint: Sprint): void {
    const focused = this.view.contains(document.activeElement);
    this.view.replaceChildren(...sprint.tickets.map((ticket) => this.#row(ticket)));
    if (focused) this.view.querySelector("button")?.focus();
  }

  #row(ticket: Ticket): HTMLElement {
    const { id, title, kind, size, state, failures } = ticket;
    const about = [size === "team" ? "a team of three" : inWords(kind)];
    if (state.status !== "open" && state.who.length > 0) about.push(state.who.join(", "));
    if (failures > 0) about.push(failures === 1 ? "went wrong once" : `went wrong ${failures} times`);
    const row = el(
      "li",
      { class: `ticket ${state.status} ${size}`, "data-ticket": id },
      el("span", { class: "mark", "aria-hidden": "true" }, MARKS[state.status]),
      el("span", { class: "title" }, title),
      el("span", { class: "state" }, WORDS[state.status]),
      el("span", { class: "about" }, about.join(" · ")),
    );
    if (size === "team" && state.status === "open") {
      row.append(button("Call a team of three", () => this.#onTeam(ticket), { class: "small" }));
    }
    return row;
  }
}
