import type { AgentVM, LiveAgent } from "oligarchy-agentvm/slim";
import type { Sprint, Ticket } from "../play/sprint.js";
import { lookOf } from "../play/states.js";
import { isTemp } from "../play/temp.js";
import { inWords, isGoodAt } from "../play/tickets.js";
import { skillsOf } from "../play/work.js";
import { button, el, onSubmit, setText } from "./dom.js";
import { OutputView } from "./output-view.js";

/** What can be said to somebody. */
export interface TalkActions {
  give(agent: LiveAgent, ticket: Ticket): Promise<void>;
  ask(agent: LiveAgent, prompt: string): Promise<void>;
  cancel(agent: LiveAgent): Promise<void>;
}

/** What the dialog works with. */
export interface TalkParts {
  readonly agentvm: AgentVM;
  readonly sprint: Sprint;
  readonly actions: TalkActions;
  /** The somebody as it is now; undefined when it is gone. */
  readonly look: (id: string) => LiveAgent | undefined;
}

/** The dialog with one agent: gives it a ticket or a request, shows what it does and writes, and cancels. */
export class Talk {
  readonly view = el("dialog", { class: "talk", tabindex: "-1", "aria-labelledby": "talk-name" });
  readonly #parts: TalkParts;
  readonly #name = el("h2", { id: "talk-name" });
  readonly #state = el("p", { class: "now", role: "status" });
  readonly #skills = el("p", { class: "skills" });
  readonly #offers = el("ul", { class: "offers", "aria-label": "Open tickets" });
  readonly #own = el("div", { class: "own" });
  readonly #prompt = el("input", {
    type: "text",
    maxlength: "400",
    placeholder: "Or say it in your own words",
    "aria-label": "Your own request",
  });
  readonly #busy = el("div", { class: "busy" });
  readonly #message = el("p", { class: "doing" });
  readonly #bar = el("progress", { max: "1", "aria-label": "Progress" });
  readonly #output: OutputView;
  #id: string | null = null;
  #shown = "";

  constructor(parts: TalkParts) {
    this.#parts = parts;
    this.#output = new OutputView(parts.agentvm);
    const send = el("button", { type: "button", class: "small" }, "Ask");
    this.#own.append(this.#prompt, send);
    onSubmit([this.#prompt], send, () => this.#ask());
    const cancel = button(
      "Cancel this work",
      () => this.#with((agent) => this.#parts.actions.cancel(agent)),
      {
        class: "danger",
      },
    );
    this.#busy.append(this.#message, this.#bar, cancel);
    const close = button("Close", () => this.view.close(), { class: "close" });
    const top = el("header", {}, this.#name, close);
    this.view.append(top, this.#state, this.#skills, this.#offers, this.#own, this.#busy, this.#output.view);
    this.view.addEventListener("close", () => {
      this.#id = null;
      this.#output.clear();
    });
    // A click beside the dialog closes it, as people expect of it.
    this.view.addEventListener("click", (event) => {
      if (event.target === this.view) this.view.close();
    });
  }

  /** Whether somebody is being talked to. */
  get isOpen(): boolean {
    return this.#id !== null;
  }

  /** Whom the player talks to. */
  get who(): string | null {
    return this.#id;
  }

  /** Begins to talk to somebody. */
  open(id: string): void {
    this.#id = id;
    this.#shown = "";
    this.#output.clear();
    this.frame();
    if (!this.view.open) this.view.showModal();
  }

  /** Shows how the somebody is now. */
  frame(): void {
    if (this.#id === null) return;
    const agent = this.#parts.look(this.#id);
    if (agent === undefined) {
      this.view.close();
      return;
    }
    const { task, state } = agent;
    setText(this.#message, task?.message ?? "");
    const progress = task?.progress ?? 0;
    if (this.#bar.value !== progress) this.#bar.value = progress;
    if (agent.current_task_id !== null) this.#output.follow(agent.current_task_id);
    this.#output.view.hidden = this.#output.view.childElementCount === 0;
    const open = this.#parts.sprint.open.filter(({ size }) => size === "solo");
    const isBusy = agent.current_task_id !== null;
    const key = [agent.id, state, isBusy, ...open.map(({ id }) => id)].join(" ");
    if (key === this.#shown) return;
    this.#shown = key;
    this.#fill(agent, open, isBusy);
  }

  #fill(agent: LiveAgent, open: readonly Ticket[], isBusy: boolean): void {
    const { mark, word, color } = lookOf(agent.state);
    setText(this.#name, `${agent.name}, ${agent.type}`);
    setText(this.#state, `${mark} ${word}`);
    this.#state.style.setProperty("--state", color);
    const temp = isTemp(agent);
    setText(
      this.#skills,
      temp ? "A temp takes the chores that are next in line." : `Good at ${skillsOf(agent)}.`,
    );
    this.#busy.hidden = !isBusy;
    this.#own.hidden = isBusy || temp;
    this.#offers.hidden = isBusy || temp;
    const fits = (ticket: Ticket): boolean => isGoodAt(agent.capabilities, ticket.kind);
    const sorted = [...open].sort((a, b) => Number(fits(b)) - Number(fits(a)));
    const isLosingFocus = this.#offers.contains(document.activeElement);
    this.#offers.replaceChildren(...sorted.map((ticket) => el("li", {}, this.#offer(ticket, fits(ticket)))));
    if (isLosingFocus) this.view.focus();
  }

  #offer(ticket: Ticket, isFit: boolean): HTMLElement {
    const offer = button("", () => this.#with((agent) => this.#parts.actions.give(agent, ticket)), {
      class: isFit ? "offer fit" : "offer",
    });
    offer.append(
      el("span", { class: "title" }, ticket.title),
      el("span", { class: "about" }, isFit ? `★ good at ${inWords(ticket.kind)}` : inWords(ticket.kind)),
    );
    return offer;
  }

  #ask(): void {
    const prompt = this.#prompt.value.trim();
    if (prompt === "") {
      this.#prompt.focus();
      return;
    }
    this.#prompt.value = "";
    this.#with((agent) => this.#parts.actions.ask(agent, prompt));
  }

  /** Does something with whom the player talks to, as it is now. The button waits for no answer: what fails is told. */
  #with(act: (agent: LiveAgent) => Promise<void>): void {
    const agent = this.#id === null ? undefined : this.#parts.look(this.#id);
    if (agent !== undefined) void act(agent);
  }
}
