import { Container, Graphics, Text } from "pixi.js";
import type { Chance } from "../world/random.js";
import type { Pixel } from "./iso.js";

const COLORS = [0xf2c14e, 0x5ec8f2, 0x7fd67f, 0xf59ac0, 0xff7a6b, 0xc7b8ff] as const;
const PIECES = 26;
const SECONDS = 1.5;

interface Flying {
  readonly view: Container;
  readonly dx: number;
  readonly dy: number;
  readonly fall: number;
  age: number;
}

/** Confetti and words that rise and fade: decoration, left out where motion is to be reduced. */
export class Effects {
  readonly view = new Container();
  readonly #chance: Chance;
  #flying: Flying[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
    this.view.zIndex = 1_000_000;
  }

  /** Confetti at a place. */
  celebrate(at: Pixel): void {
    for (let piece = 0; piece < PIECES; piece += 1) {
      const color = COLORS[piece % COLORS.length] ?? COLORS[0];
      const view = new Graphics().rect(-3, -2, 6, 4).fill(color);
      view.rotation = this.#chance() * 6;
      this.#add(view, at, { dx: (this.#chance() - 0.5) * 190, dy: -90 - this.#chance() * 130, fall: 260 });
    }
  }

  /** A short text that rises from a place. */
  rise(at: Pixel, text: string, fill: number): void {
    const style = {
      fontFamily: "system-ui, sans-serif",
      fontSize: 18,
      fontWeight: "800",
      fill,
      stroke: { color: 0x1c2148, width: 4, join: "round" },
    } as const;
    const view = new Text({ text, style, resolution: 2, anchor: 0.5 });
    this.#add(view, at, { dx: 0, dy: -46, fall: 0 });
  }

  /** Lets all of it fly on. */
  frame(seconds: number): void {
    for (const one of this.#flying) {
      one.age += seconds;
      one.view.x += one.dx * seconds;
      one.view.y += (one.dy + one.fall * one.age) * seconds;
      one.view.alpha = Math.min(1, 2 * (1 - one.age / SECONDS));
      if (one.fall > 0) one.view.rotation += seconds * 5;
    }
    const over = this.#flying.filter(({ age }) => age >= SECONDS);
    if (over.length === 0) return;
    for (const { view } of over) view.destroy();
    this.#flying = this.#flying.filter(({ age }) => age < SECONDS);
  }

  #add(view: Container, at: Pixel, way: Pick<Flying, "dx" | "dy" | "fall">): void {
    view.position.set(at.x, at.y);
    this.view.addChild(view);
    this.#flying.push({ view, ...way, age: 0 });
  }
}
