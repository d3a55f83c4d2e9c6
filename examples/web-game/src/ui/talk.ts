import type { AgentVM, LiveAgent } from "oligarchy-agentvm/slim";
import type { Sprint, Ticket } from "../play/sprint.js";
import { isHelper } from "../play/crew.js";
import type { Questions } from "../play/questions.js";
import type { Reviews } from "../play/reviews.js";
import { lookOf } from "../play/states.js";
import { isTemp } from "../play/temp.js";
import { inWords, isGoodAt } from "../play/tickets.js";
import { skillsOf } from "../play/work.js";
import { button, el, onSubmit, setText } from "./dom.js";
import { OutputView } from "./output-view.js";
import { QuestionView } from "./question-view.js";

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
  readonly questions: Questions;
  readonly reviews: Reviews;
  /** Shows what a task has changed. */
  readonly onLook: (taskId: string) => void;
  /** Whether what the player says in own words is what one comes for, and not the tickets. */
  readonly isOwnFirst: boolean;
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
  readonly #question: QuestionView;
  /** How the last question ended. */
  readonly #ended = el("p", { class: "ended", role: "status" });
  readonly #look = button("Look at what was changed", () => this.#lookAtWork(), { class: "look" });
  #id: string | null = null;
  #shown = "";

  constructor(parts: TalkParts) {
    this.#parts = parts;
    this.#output = new OutputView(parts.agentvm);
    this.#question = new QuestionView((asked, answer) => void parts.questions.answer(asked, answer));
    const send = el("button", { type: "button", class: "small" }, "Ask");
    if (parts.isOwnFirst) this.#prompt.placeholder = "Say in your own words what to do";
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
    this.view.append(
      top,
      this.#state,
      this.#skills,
      this.#question.view,
      this.#ended,
      this.#look,
      ...(parts.isOwnFirst ? [this.#own, this.#offers] : [this.#offers, this.#own]),
      this.#busy,
      this.#output.view,
    );
    this.view.addEventListener("close", () => {
      // The browser tells of it later: by then it may be open again, with somebody else.
      if (this.view.open) return;
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

  /** Begins to talk to somebody; where that waits for an answer, the focus is where one answers. */
  open(id: string): void {
    this.#id = id;
    this.#shown = "";
    this.#output.clear();
    this.frame();
    if (!this.view.open) this.view.showModal();
    if (this.#parts.questions.of(id) !== null) this.#question.focus();
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
    this.#showQuestion(agent.id);
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

  #showQuestion(agentId: string): void {
    const { questions, reviews } = this.#parts;
    const asked = questions.of(agentId);
    const isLosingFocus = asked === null && this.#question.view.contains(document.activeElement);
    this.#question.show(asked);
    if (isLosingFocus) this.view.focus();
    const ended = asked === null ? questions.endOf(agentId) : "";
    setText(this.#ended, ended);
    this.#ended.hidden = ended === "";
    this.#look.hidden = reviews.of(agentId) === null;
  }

  #lookAtWork(): void {
    const review = this.#id === null ? null : this.#parts.reviews.of(this.#id);
    if (review === null) return;
    this.view.close();
    this.#parts.onLook(review.taskId);
  }

  #fill(agent: LiveAgent, open: readonly Ticket[], isBusy: boolean): void {
    const { mark, word, color } = lookOf(agent.state);
    setText(this.#name, `${agent.name}, ${agent.type}`);
    setText(this.#state, `${mark} ${word}`);
    this.#state.style.setProperty("--state", color);
    const temp = isTemp(agent);
    const helper = isHelper(agent);
    setText(this.#skills, this.#aboutOf(agent));
    this.#busy.hidden = !isBusy || helper;
    this.#own.hidden = isBusy || temp || helper;
    this.#offers.hidden = isBusy || temp || helper;
    const fits = (ticket: Ticket): boolean => isGoodAt(agent.capabilities, ticket.kind);
    const sorted = [...open].sort((a, b) => Number(fits(b)) - Number(fits(a)));
    const isLosingFocus = this.#offers.contains(document.activeElement);
    this.#offers.replaceChildren(...sorted.map((ticket) => el("li", {}, this.#offer(ticket, fits(ticket)))));
    if (isLosingFocus) this.view.focus();
  }

  #aboutOf(agent: LiveAgent): string {
    if (isTemp(agent)) return "A temp takes the chores that are next in line.";
    if (!isHelper(agent)) return `Good at ${skillsOf(agent)}.`;
    const parent = this.#parts.look(agent.parent_agent_id ?? "");
    return `Helps ${parent?.name ?? "somebody"}, and leaves when that is done.`;
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
