import type { Question, QuestionAbout } from "oligarchy-agentvm/slim";
import type { Answer, Asked } from "../play/questions.js";
import { diffView } from "./diff-view.js";
import { button, el, onSubmit, setText } from "./dom.js";

/** What somebody asks, what it is about, and the ways to answer. */
export class QuestionView {
  readonly view = el("section", { class: "question", "aria-labelledby": "question-text" });
  readonly #onAnswer: (asked: Asked, answer: Answer) => void;
  readonly #text = el("h3", { id: "question-text" });
  readonly #about = el("div", { class: "about-it" });
  readonly #ways = el("div", { class: "ways" });
  readonly #until = el("p", { class: "help" });
  #shown: string | null = null;

  /** `onAnswer` is called with what was asked and what the player answers. */
  constructor(onAnswer: (asked: Asked, answer: Answer) => void) {
    this.#onAnswer = onAnswer;
    this.view.append(this.#text, this.#about, this.#ways, this.#until);
    this.view.hidden = true;
  }

  /** Shows a question, or none. What is written meanwhile stays, as long as the question is the same. */
  show(asked: Asked | null): void {
    const id = asked?.question.question_id ?? null;
    if (id === this.#shown) return;
    this.#shown = id;
    this.view.hidden = asked === null;
    if (asked === null) return;
    const { question } = asked;
    setText(this.#text, question.text);
    this.#about.replaceChildren(...(question.about === null ? [] : aboutOf(question.about)));
    this.#ways.replaceChildren(...this.#waysTo(asked));
    setText(this.#until, lastsOf(question));
  }

  /** Puts the focus where one answers. */
  focus(): void {
    this.#ways.querySelector<HTMLElement>("button, input")?.focus();
  }

  #waysTo(asked: Asked): readonly HTMLElement[] {
    const { kind, options } = asked.question;
    // A permission without options is given where it was asked, in a terminal say.
    if (options.length === 0) return kind === "permission" ? [] : this.#words(asked);
    return options.map(({ id, label, hint }) => {
      const way = button("", () => this.#onAnswer(asked, { choice: id }), { class: "offer way" });
      way.append(el("span", { class: "title" }, label));
      if (hint !== undefined && hint !== "") way.append(el("span", { class: "about" }, hint));
      return way;
    });
  }

  #words(asked: Asked): readonly HTMLElement[] {
    const words = el("input", { type: "text", maxlength: "400", "aria-labelledby": "question-text" });
    const send = el("button", { type: "button", class: "primary" }, "Answer");
    onSubmit([words], send, () => {
      const text = words.value.trim();
      if (text === "") words.focus();
      else this.#onAnswer(asked, { text });
    });
    return [el("div", { class: "own" }, words, send)];
  }
}

function aboutOf({ tool, title, path, command, diff }: QuestionAbout): readonly HTMLElement[] {
  const parts: HTMLElement[] = [];
  // What the title or the diff says already is not said again.
  const isNamed = title.toLowerCase().startsWith(tool.toLowerCase());
  if (title !== command)
    parts.push(
      el("p", { class: "title" }, title, isNamed ? "" : el("span", { class: "about" }, ` (${tool})`)),
    );
  if (path !== undefined && !title.includes(path)) parts.push(el("p", {}, "File ", el("code", {}, path)));
  if (command !== undefined) parts.push(el("pre", { class: "command", "aria-label": "Command" }, command));
  if (diff !== undefined) parts.push(diffView(diff));
  return parts;
}

/** How long it stays open, by the backend's clock. */
function lastsOf({ asked_at, expires_at }: Question): string {
  const seconds = Math.round((Date.parse(expires_at) - Date.parse(asked_at)) / 1_000);
  const long = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return `The work waits ${long} for an answer.`;
}
