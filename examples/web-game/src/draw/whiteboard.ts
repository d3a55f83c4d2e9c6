import { Graphics } from "pixi.js";
import type { Ticket } from "../play/sprint.js";
import { panel } from "./iso.js";

const FROM = 5.4;
const TO = 8.6;
const NOTES = { open: 0xffe27a, working: 0x8fd8ff, done: 0x8fe39a } as const;

/** The whiteboard on the wall: the tickets as notes, in three columns for open, in work and done. */
export class Whiteboard {
  readonly view = new Graphics();

  /** Draws the tickets as they stand. */
  show(tickets: readonly Ticket[]): void {
    const g = this.view.clear();
    panel(g, "x", FROM - 0.12, TO + 0.12, 1.02, 2.62, 0xb9b2d6);
    panel(g, "x", FROM, TO, 1.12, 2.52, 0xfdfcff);
    const columns = ["open", "working", "done"] as const;
    const wide = (TO - FROM) / columns.length;
    columns.forEach((status, column) => {
      const left = FROM + column * wide;
      panel(g, "x", left + 0.14, left + wide - 0.14, 2.36, 2.42, 0x565ca3);
      if (column > 0) panel(g, "x", left - 0.015, left + 0.015, 1.16, 2.46, 0xd9d4ea);
      const notes = tickets.filter(({ state }) => state.status === status);
      notes.forEach((ticket, place) => {
        const [x, y] = [left + 0.1 + (place % 3) * 0.3, 2.24 - Math.floor(place / 3) * 0.34];
        const size = ticket.size === "team" ? 0.27 : 0.23;
        panel(g, "x", x, x + size, y - 0.27, y, NOTES[status]);
        panel(g, "x", x + 0.04, x + size - 0.06, y - 0.12, y - 0.08, 0x565ca3, 0.7);
        if (status === "done") panel(g, "x", x + 0.04, x + size - 0.1, y - 0.2, y - 0.16, 0x565ca3, 0.7);
      });
    });
  }
}
