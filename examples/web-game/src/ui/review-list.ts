import type { Review } from "../play/reviews.js";
import { button, el } from "./dom.js";

/** Work that waits for a look, as a list; hidden while there is none. */
export class ReviewList {
  readonly view = el("section", { class: "reviews-part", hidden: "" });
  readonly #list = el("ul", { class: "reviews", "aria-label": "To look at" });
  readonly #onLook: (taskId: string) => void;

  /** `onLook` is called with the task that the player wants to look at. */
  constructor(onLook: (taskId: string) => void) {
    this.#onLook = onLook;
    this.view.append(el("h2", {}, "To look at"), this.#list);
  }

  /** Shows what there is to look at. */
  show(reviews: readonly Review[]): void {
    this.view.hidden = reviews.length === 0;
    this.#list.replaceChildren(
      ...reviews.map(({ taskId, title, who, changes: { insertions, deletions } }) =>
        el(
          "li",
          { class: "ticket review" },
          el("span", { class: "mark", "aria-hidden": "true" }, "±"),
          el("span", { class: "title" }, title),
          el("span", { class: "about" }, `${who} · +${insertions} −${deletions}`),
          button("Look", () => this.#onLook(taskId), { class: "small", "aria-label": `Look at “${title}”` }),
        ),
      ),
    );
  }
}
