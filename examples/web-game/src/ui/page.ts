import { button, el } from "./dom.js";

/** What the page of the game is put together from. */
export interface PageParts {
  readonly place: string;
  readonly tickets: HTMLElement;
  readonly people: HTMLElement;
  /** Work that waits for a look, and what else stands beside the floor. */
  readonly reviews: HTMLElement;
  readonly sound: HTMLElement;
  /** What stands over the floor, as wide and high as that is. */
  readonly overFloor: HTMLElement;
  readonly news: HTMLElement;
  readonly dialogs: readonly HTMLElement[];
  /** The buttons at the lower edge: what each is called and does. */
  readonly actions: readonly (readonly [text: string, act: () => void])[];
  /** Talks to whoever is near. */
  readonly onTalk: () => void;
  /** Answers whoever has waited longest. */
  readonly onAnswer: () => void;
  readonly onSave: () => void;
  readonly onMenu: () => void;
}

/** The page around the floor: the bar with the day's figures, the lists beside it, the buttons below. */
export class GamePage {
  readonly view = el("div", { class: "game" });
  /** Where the floor is drawn. */
  readonly stage = el("div", { class: "stage" });
  readonly clock = el("span", { class: "clock" });
  readonly points = el("span", { class: "points" });
  readonly done = el("span", { class: "done" });
  readonly connection = el("span", { class: "connection", role: "status" });
  /** How it stands with the temps. */
  readonly temps = el("p", { class: "temps" });
  /** The button that talks to whoever is near; hidden while nobody is. */
  readonly talk: HTMLButtonElement;
  /** The button that answers who has waited longest; hidden while nobody waits. */
  readonly answer: HTMLButtonElement;

  readonly #side = el("aside", { class: "side" });

  constructor(parts: PageParts) {
    this.talk = button("", parts.onTalk, { class: "talk-button", hidden: "" });
    this.answer = button("", parts.onAnswer, { class: "talk-button answer-button", hidden: "" });
    const side = this.#side;
    const tab = (text: string, name: string): HTMLButtonElement =>
      button(text, () => {
        side.dataset["open"] = side.dataset["open"] === name ? "" : name;
      });
    this.stage.append(parts.overFloor);
    side.append(
      parts.reviews,
      el("section", { class: "tickets-part" }, el("h2", {}, "Tickets"), parts.tickets),
      el("section", { class: "people-part" }, el("h2", {}, "People"), parts.people, this.temps, parts.sound),
    );
    this.view.append(
      this.stage,
      el(
        "header",
        { class: "bar" },
        el("h1", {}, "Studio floor"),
        this.clock,
        this.done,
        this.points,
        el("span", { class: "place" }, parts.place, this.connection),
        button("Save", parts.onSave, { class: "small" }),
        button("Menu", parts.onMenu, { class: "small" }),
      ),
      side,
      el(
        "footer",
        { class: "foot" },
        parts.news,
        el("div", { class: "prompts" }, this.answer, this.talk),
        el("div", { class: "actions" }, ...parts.actions.map(([text, act]) => button(text, act))),
        el("div", { class: "tabs" }, tab("Tickets", "tickets"), tab("People", "people")),
      ),
      ...parts.dialogs,
    );
  }

  /** Puts the lists away that cover the floor of a small screen. */
  showFloor(): void {
    this.#side.dataset["open"] = "";
  }
}
