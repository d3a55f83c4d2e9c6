import { button, el } from "./dom.js";

/** What the player may do before the game is left. */
export interface LeavingActions {
  /** Null where the game cannot be saved. */
  readonly onSave: (() => void) | null;
  readonly onLeave: () => void;
}

/** Asks before a game is left that was not saved. A dialog of its own, since a sandboxed frame may not ask by `confirm`. */
export class Leaving {
  readonly view = el("dialog", { class: "ending", "aria-labelledby": "leaving-title" });

  constructor({ onSave, onLeave }: LeavingActions) {
    const buttons = el("div", { class: "buttons" });
    if (onSave !== null) {
      const saveAndLeave = (): void => {
        onSave();
        onLeave();
      };
      buttons.append(button("Save and leave", saveAndLeave, { class: "primary" }));
    }
    buttons.append(
      button("Leave", onLeave),
      button("Stay", () => this.view.close()),
    );
    this.view.append(
      el("h2", { id: "leaving-title" }, "Leave the studio?"),
      el("p", {}, "What was done since the last save is lost."),
      buttons,
    );
  }

  /** Asks. */
  show(): void {
    if (!this.view.open) this.view.showModal();
  }
}
