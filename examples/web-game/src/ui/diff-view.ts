import { readDiff } from "../play/diff.js";
import { el } from "./dom.js";

/** What a screen reader says before a line, where the others see a sign and a colour. */
const SAID = { added: "added: ", removed: "removed: ", file: "", place: "", same: "", note: "" } as const;

/** A diff, line by line: signs and words beside the colours, and long lines wrap. */
export function diffView(diff: string, label = "What changes"): HTMLElement {
  const view = el("div", { class: "diff", role: "group", tabindex: "0", "aria-label": label });
  for (const { kind, sign, text } of readDiff(diff)) {
    const said = SAID[kind] === "" ? [] : [el("span", { class: "said" }, SAID[kind])];
    const line = el("span", { class: "line" }, ...said, text);
    view.append(el("div", { class: kind }, el("span", { class: "sign", "aria-hidden": "true" }, sign), line));
  }
  return view;
}
