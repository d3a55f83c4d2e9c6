import { readAddress } from "../backend/address.js";
import { button, el, onSubmit } from "./dom.js";

/** What the player chose to play on. */
export type Choice =
  | { readonly kind: "embedded" }
  | { readonly kind: "saved" }
  | { readonly kind: "server"; readonly endpoint: string; readonly apiKey: string };

/** What the menu shows. */
export interface MenuParts {
  /** The address that stands in the field at first. */
  readonly endpoint: string;
  /** Whether there is a saved game to go on with. */
  readonly hasSaved: boolean;
  /** What the player should know beforehand. */
  readonly notices: readonly string[];
  /** Starts the game; answers with what went wrong, or null when it plays. */
  readonly start: (choice: Choice) => Promise<string | null>;
}

/** The first page: where the agents come from. */
export class Menu {
  readonly view = el("main", { class: "menu" });
  readonly #parts: MenuParts;
  readonly #problem = el("p", { class: "problem", role: "alert" });
  readonly #endpoint: HTMLInputElement;
  readonly #key = el("input", { type: "password", id: "key", autocomplete: "off", value: "development-key" });
  #isStarting = false;

  constructor(parts: MenuParts) {
    this.#parts = parts;
    this.#endpoint = el("input", {
      type: "text",
      id: "endpoint",
      inputmode: "url",
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": "server-hint",
      value: parts.endpoint,
    });
    this.view.append(this.#card());
  }

  #card(): HTMLElement {
    const card = el(
      "div",
      { class: "card" },
      el("p", { class: "logo", "aria-hidden": "true" }, "◤◢"),
      el("h1", {}, "Studio floor"),
      el(
        "p",
        { class: "lead" },
        "Eight tickets until the launch at six. Walk about, give them to agents who are good at them, call a team for the big one.",
      ),
      this.#buttons(),
      this.#server(),
      this.#problem,
      ...this.#parts.notices.map((notice) => el("p", { class: "notice" }, notice)),
      el(
        "p",
        { class: "help" },
        "Walk with WASD, the arrows, or a tap on the floor. Enter, E or a tap on somebody talks.",
      ),
    );
    return card;
  }

  #buttons(): HTMLElement {
    const buttons = el(
      "div",
      { class: "buttons" },
      button("Play here, with no server", () => void this.#start({ kind: "embedded" }), { class: "primary" }),
    );
    if (this.#parts.hasSaved) {
      buttons.append(button("Go on with the saved game", () => void this.#start({ kind: "saved" })));
    }
    return buttons;
  }

  #server(): HTMLElement {
    const send = el("button", { type: "button" }, "Play on this server");
    onSubmit([this.#endpoint, this.#key], send, () => this.#connect());
    const form = el(
      "div",
      { class: "form" },
      el("label", { for: "endpoint" }, "Address"),
      this.#endpoint,
      el("label", { for: "key" }, "Key"),
      this.#key,
      el(
        "p",
        { class: "help", id: "server-hint" },
        "As npx agentvm serve tells it. A game that others can open gets session tokens from a server of its own, and no key.",
      ),
      send,
    );
    return el("details", {}, el("summary", {}, "Play on a server"), form);
  }

  #connect(): void {
    const address = readAddress(this.#endpoint.value, location.protocol);
    if (address.ok) {
      this.#endpoint.value = address.endpoint;
      void this.#start({ kind: "server", endpoint: address.endpoint, apiKey: this.#key.value.trim() });
    } else {
      this.#problem.textContent = address.problem;
      this.#endpoint.focus();
    }
  }

  async #start(choice: Choice): Promise<void> {
    if (this.#isStarting) return;
    this.#isStarting = true;
    this.view.setAttribute("aria-busy", "true");
    this.#problem.textContent = "";
    const problem = await this.#parts.start(choice);
    this.#isStarting = false;
    this.view.removeAttribute("aria-busy");
    this.#problem.textContent = problem ?? "";
  }
}
