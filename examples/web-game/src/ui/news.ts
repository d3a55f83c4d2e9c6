import type { Tone } from "../play/work.js";
import { el } from "./dom.js";

/** Lines that are kept; the style sheet shows the last few. */
const LINES = 50;

/** What has happened, newest last; read out by screen readers as it comes. */
export class News {
  readonly view = el("ol", { class: "news", role: "log", "aria-live": "polite", "aria-label": "News" });

  /** Tells something. */
  readonly tell = (text: string, tone: Tone = "plain"): void => {
    const mark = { plain: "•", good: "✓", bad: "!" }[tone];
    this.view.append(
      el("li", { class: tone }, el("span", { class: "mark", "aria-hidden": "true" }, mark), text),
    );
    while (this.view.childElementCount > LINES) this.view.firstElementChild?.remove();
  };
}
