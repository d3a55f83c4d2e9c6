import { Container, Graphics, Text } from "pixi.js";
import type { LiveAgent } from "oligarchy-agentvm/slim";
import { lookOf } from "../play/states.js";

const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const RESOLUTION = 3;
const BUBBLE_WIDTH = 168;

/** How much of somebody is told, by how near the player is. */
export interface Detail {
  /** Whether what it says or does is shown in words. */
  readonly speaks: boolean;
  readonly isNear: boolean;
}

/** What floats above somebody's head: name, state, progress, and a speech bubble. */
export class Tag {
  readonly view = new Container();
  readonly #pill = new Graphics();
  readonly #name = label(12, 0xffffff, "700");
  readonly #state = label(11, 0x1c2148, "700");
  readonly #bubble = new Container();
  readonly #cloud = new Graphics();
  readonly #words = new Text({
    text: "",
    style: {
      fontFamily: FONT,
      fontSize: 12,
      fill: 0x2a2145,
      wordWrap: true,
      wordWrapWidth: BUBBLE_WIDTH - 20,
      lineHeight: 15,
    },
    resolution: RESOLUTION,
  });
  #drawn = "";

  constructor() {
    this.#bubble.addChild(this.#cloud, this.#words);
    this.view.addChild(this.#pill, this.#name, this.#state, this.#bubble);
    this.view.y = -74;
  }

  /** Draws it anew where something of it has changed. */
  show({ name, state, task }: LiveAgent, { speaks, isNear }: Detail): void {
    const words = speaks && task !== null ? task.message : "";
    const progress = task === null ? null : Math.round(task.progress * 50) / 50;
    const key = [name, state, progress, words, isNear].join("|");
    if (key === this.#drawn) return;
    this.#drawn = key;
    const { mark, word, color } = lookOf(state);
    setText(this.#name, name);
    setText(this.#state, `${mark} ${word}`);
    this.#drawPill(color, progress, isNear);
    this.#bubble.visible = words !== "";
    if (words !== "") this.#drawBubble(words);
  }

  #drawPill(color: string, progress: number | null, isNear: boolean): void {
    const [name, state] = [this.#name, this.#state];
    const [nameWidth, stateWidth] = [name.width + 14, state.width + 14];
    const width = nameWidth + stateWidth;
    const left = -width / 2;
    name.position.set(left + 8, -8);
    state.position.set(left + nameWidth + 6, -7.5);
    const g = this.#pill.clear();
    g.roundRect(left, -11, width, 21, 10.5).fill({ color: 0x1c2148, alpha: 0.92 });
    g.roundRect(left + nameWidth, -11, stateWidth, 21, 10.5).fill(color);
    g.rect(left + nameWidth, -11, 10, 21).fill(color);
    if (isNear) g.roundRect(left - 1.5, -12.5, width + 3, 24, 12).stroke({ color: 0xfff3c4, width: 2.5 });
    if (progress === null) return;
    g.roundRect(left + 4, 13, width - 8, 6, 3).fill({ color: 0x1c2148, alpha: 0.9 });
    const full = Math.max(6, (width - 10) * progress);
    g.roundRect(left + 5, 14, full, 4, 2).fill(color);
  }

  #drawBubble(words: string): void {
    setText(this.#words, words);
    const width = Math.min(BUBBLE_WIDTH, this.#words.width + 20);
    const height = this.#words.height + 12;
    const top = -22 - height;
    this.#words.position.set(-width / 2 + 10, top + 6);
    const g = this.#cloud.clear();
    g.roundRect(-width / 2 + 1, top + 3, width, height, 11).fill({ color: 0x14173a, alpha: 0.25 });
    g.poly([-6, top + height - 1, 7, top + height - 1, 0, top + height + 8]).fill(0xfffaf2);
    g.roundRect(-width / 2, top, width, height, 11).fill(0xfffaf2);
  }
}

function label(fontSize: number, fill: number, fontWeight: "700"): Text {
  return new Text({
    text: "",
    style: { fontFamily: FONT, fontSize, fill, fontWeight },
    resolution: RESOLUTION,
  });
}

/** A text is measured and drawn at each assignment: only what is new is assigned. */
function setText(text: Text, words: string): void {
  if (text.text !== words) text.text = words;
}
