import type { Member } from "../play/crew.js";
import { lookOf } from "../play/states.js";
import { button, el, setText } from "./dom.js";

interface Row {
  readonly view: HTMLElement;
  readonly talk: HTMLButtonElement;
  readonly mark: HTMLElement;
  readonly word: HTMLElement;
  readonly doing: HTMLElement;
  readonly bar: HTMLProgressElement;
}

/** Everybody on the floor as a list: name, type, state, what each one does and how far it is. */
export class PeopleList {
  readonly view = el("ul", { class: "people", "aria-label": "People" });
  readonly #rows = new Map<string, Row>();
  readonly #onTalk: (id: string) => void;

  /** `onTalk` is called with the id of somebody whom the player wants to talk to. */
  constructor(onTalk: (id: string) => void) {
    this.#onTalk = onTalk;
  }

  /** Shows everybody; only what is new is written. */
  show(members: Iterable<Member>): void {
    const seen = new Set<string>();
    const all = [...members];
    for (const member of all) {
      const { id } = member.agent;
      seen.add(id);
      this.#fill(this.#rows.get(id) ?? this.#add(member, all), member);
    }
    for (const [id, { view }] of this.#rows) {
      if (seen.has(id)) continue;
      view.remove();
      this.#rows.delete(id);
    }
  }

  /** Who helps somebody stands below them. */
  #add({ agent }: Member, all: readonly Member[]): Row {
    const parent = all.find((one) => one.agent.id === agent.parent_agent_id)?.agent;
    const row = {
      view: el("li", { class: parent ? "person helper" : "person", "data-agent": agent.id }),
      talk: button("Talk", () => this.#onTalk(agent.id), {
        class: "small",
        "aria-label": `Talk to ${agent.name}`,
      }),
      mark: el("span", { class: "mark", "aria-hidden": "true" }),
      word: el("span", { class: "state" }),
      doing: el("span", { class: "doing" }),
      bar: el("progress", { max: "1", "aria-label": `How far ${agent.name} is` }),
    };
    const badge = el("span", { class: "badge", "aria-hidden": "true" });
    badge.style.background = agent.color;
    const name = el("span", { class: "name" }, agent.name);
    const type = el("span", { class: "type" }, parent ? `helps ${parent.name}` : agent.type);
    row.view.append(
      badge,
      name,
      type,
      el("span", { class: "chip" }, row.mark, row.word),
      row.talk,
      row.doing,
      row.bar,
    );
    const above = parent && this.#rows.get(parent.id)?.view;
    if (above) above.after(row.view);
    else this.view.append(row.view);
    this.#rows.set(agent.id, row);
    return row;
  }

  #fill(row: Row, { agent: { name, state, task } }: Member): void {
    const { mark, word, color } = lookOf(state);
    if (row.view.dataset["state"] !== state) {
      row.view.dataset["state"] = state;
      const asks = state === "waiting";
      setText(row.talk, asks ? "Answer" : "Talk");
      row.talk.setAttribute("aria-label", `${asks ? "Answer" : "Talk to"} ${name}`);
      row.view.style.setProperty("--state", color);
    }
    setText(row.mark, mark);
    setText(row.word, word);
    setText(row.doing, task?.message ?? "");
    const isBusy = task !== null;
    row.bar.hidden = !isBusy;
    row.doing.hidden = !isBusy;
    if (task !== null && row.bar.value !== task.progress) row.bar.value = task.progress;
  }
}
