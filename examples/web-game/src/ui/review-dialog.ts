import type { Changes } from "oligarchy-agentvm/slim";
import type { Review, Reviews, Verdict } from "../play/reviews.js";
import { problemOf } from "../play/work.js";
import { diffView } from "./diff-view.js";
import { button, el, setText } from "./dom.js";

/** The dialog in which work that is done is looked at, and accepted or discarded. */
export class ReviewDialog {
  readonly view = el("dialog", { class: "review-dialog", "aria-labelledby": "review-title" });
  readonly #reviews: Reviews;
  readonly #title = el("h2", { id: "review-title" });
  readonly #about = el("p", { class: "help" });
  readonly #files = el("ul", { class: "files", "aria-label": "Files" });
  readonly #diff = el("div", { class: "diff-place" });
  readonly #problem = el("p", { class: "problem", role: "alert" });
  #taskId: string | null = null;

  constructor(reviews: Reviews) {
    this.#reviews = reviews;
    const close = button("Close", () => this.view.close(), { class: "close" });
    const verdicts = el(
      "div",
      { class: "buttons" },
      button("Accept", () => void this.#give("accept"), { class: "primary" }),
      button("Discard", () => void this.#give("discard"), { class: "danger" }),
    );
    this.view.append(
      el("header", {}, this.#title, close),
      this.#about,
      this.#files,
      this.#diff,
      this.#problem,
      verdicts,
    );
    this.view.addEventListener("close", () => {
      // The browser tells of it later: by then it may be open again, with other work.
      if (this.view.open) return;
      this.#taskId = null;
      this.#diff.replaceChildren();
    });
    // What somebody else gave a verdict on needs none any more.
    reviews.onChange(() => {
      if (this.#taskId !== null && reviews.get(this.#taskId) === null) this.view.close();
    });
  }

  /** Shows what a task has changed. */
  open(taskId: string): void {
    const review = this.#reviews.get(taskId);
    if (review === null) return;
    this.#taskId = taskId;
    setText(this.#title, review.title);
    setText(this.#about, aboutOf(review));
    setText(this.#problem, "");
    this.#files.replaceChildren(...filesOf(review.changes));
    this.#diff.replaceChildren(el("p", { class: "help" }, "Reading the changes …"));
    if (!this.view.open) this.view.showModal();
    void this.#read(taskId);
  }

  async #read(taskId: string): Promise<void> {
    const view = await this.#reviews.diff(taskId).then(
      (diff) => diffView(diff),
      (error: unknown) => el("p", { class: "problem" }, problemOf(error)),
    );
    if (this.#taskId === taskId) this.#diff.replaceChildren(view);
  }

  async #give(verdict: Verdict): Promise<void> {
    const taskId = this.#taskId;
    if (taskId === null) return;
    const problem = await this.#reviews.give(taskId, verdict);
    if (this.#taskId === taskId) setText(this.#problem, problem ?? "");
  }
}

function aboutOf({ who, changes: { branch, base, insertions, deletions } }: Review): string {
  return `By ${who}, on ${branch} for ${base}: ${insertions} ${insertions === 1 ? "line" : "lines"} came, ${deletions} went.`;
}

function filesOf({ files }: Changes): readonly HTMLElement[] {
  return files.map(({ path, status, insertions, deletions }) =>
    el("li", {}, el("code", {}, path), ` ${status}, +${insertions} −${deletions}`),
  );
}
