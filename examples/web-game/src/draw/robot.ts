import { Container, Graphics } from "pixi.js";
import type { ToldAgentState } from "oligarchy-agentvm/slim";
import type { Facing } from "../world/layout.js";
import { shade } from "./iso.js";

/** How a character moves now. */
export interface Pose {
  readonly facing: Facing;
  readonly isWalking: boolean;
  readonly state: ToldAgentState;
  /** Seconds since the game began; stands still where motion is to be reduced. */
  readonly time: number;
}

const EYE = 0x8ff5ff;

/** An agent's body: its type can be told by what it has on its head and its chest, its state by its eyes. */
export class Robot {
  readonly view = new Container();
  readonly #front = new Container();
  readonly #back = new Container();
  readonly #top = new Container();
  readonly #feet: readonly [Graphics, Graphics];
  readonly #arms: readonly [Graphics, Graphics];
  readonly #eyes = new Graphics();
  readonly #offset: number;
  #drawnEyes = "";

  constructor(type: string, color: number) {
    this.#offset = (color % 97) / 10;
    const shadow = new Graphics().ellipse(0, 0, 16, 8).fill({ color: 0x000000, alpha: 0.28 });
    this.#feet = [drawFoot(), drawFoot()];
    this.#arms = [drawArm(color), drawArm(color)];
    const body = new Graphics();
    body.roundRect(-12, -29, 24, 24, 9).fill(shade(color, 0.78));
    body.roundRect(-12, -29, 21, 23, 9).fill(color);
    const head = new Graphics();
    head.roundRect(-15, -54, 30, 26, 11).fill(0xcfc8dc);
    head.roundRect(-15, -54, 27, 25, 11).fill(0xf7f3ee);
    const front = new Graphics();
    front.roundRect(-11, -49, 22, 15, 7).fill(0x1c2148);
    front.roundRect(-9, -48, 12, 4, 2).fill({ color: 0xffffff, alpha: 0.12 });
    drawBadge(front, type);
    this.#front.addChild(front, this.#eyes);
    const back = new Graphics();
    back.roundRect(-8, -26, 16, 15, 4).fill(shade(color, 0.6));
    back.roundRect(-5, -23, 10, 3, 1.5).fill(0xffffff);
    back.roundRect(-9, -47, 18, 12, 5).fill(0xdcd6e6);
    this.#back.addChild(back);
    this.#top.addChild(...this.#arms, body, head, drawHat(type, color), this.#front, this.#back);
    this.view.addChild(shadow, ...this.#feet, this.#top);
  }

  /** Draws it as it is at one moment. */
  pose({ facing, isWalking, state, time }: Pose): void {
    const isBack = facing === "-x" || facing === "-z";
    const side = facing === "+x" || facing === "-z" ? 1 : -1;
    this.#front.visible = !isBack;
    this.#back.visible = isBack;
    this.#front.x = side * 3;
    this.#back.x = side * -1;
    const beat = time * 11 + this.#offset;
    const swing = isWalking ? Math.sin(beat) : 0;
    const [left, right] = this.#feet;
    left.position.set(-6, -2 - Math.max(0, swing) * 5);
    right.position.set(6, -2 - Math.max(0, -swing) * 5);
    this.#top.y = isWalking ? -Math.abs(Math.cos(beat)) * 2.5 : Math.sin(time * 2.2 + this.#offset) * 0.8;
    this.#swingArms(state, swing, beat);
    this.#look(state, time);
  }

  #swingArms(state: ToldAgentState, swing: number, beat: number): void {
    const [left, right] = this.#arms;
    const types = state === "coding" ? Math.sin(beat * 1.6) * 2.5 : 0;
    const waves = state === "speaking" ? -7 - Math.sin(beat * 0.7) * 3 : 0;
    left.position.set(-14, -21 + swing * 3 + types);
    // Who waits for an answer holds a hand up, and waves it.
    const asks = state === "waiting";
    right.rotation = asks ? Math.PI - 0.25 + Math.sin(beat * 0.45) * 0.18 : 0;
    right.position.set(asks ? 16 : 14, asks ? -29 : -21 - swing * 3 - types + waves);
  }

  #look(state: ToldAgentState, time: number): void {
    const blinks = (time + this.#offset) % 4.3 < 0.12 && time > 0;
    const key = `${state} ${blinks}`;
    if (key === this.#drawnEyes) return;
    this.#drawnEyes = key;
    const g = this.#eyes.clear();
    for (const x of [-5, 5]) drawEye(g, x, state, blinks);
  }
}

function drawEye(g: Graphics, x: number, state: ToldAgentState, blinks: boolean): void {
  const y = -41.5;
  if (state === "error") {
    g.moveTo(x - 2.5, y - 2.5)
      .lineTo(x + 2.5, y + 2.5)
      .moveTo(x + 2.5, y - 2.5)
      .lineTo(x - 2.5, y + 2.5);
    g.stroke({ color: 0xff8a7a, width: 1.8 });
  } else if (blinks) g.rect(x - 2.5, y, 5, 1.4).fill(EYE);
  else if (state === "coding") g.roundRect(x - 3, y - 1, 6, 3, 1).fill(EYE);
  else if (state === "waiting") g.circle(x, y - 1, 3.2).fill(EYE);
  else if (state === "thinking") g.circle(x + 1, y - 2, 2.4).fill(EYE);
  else if (state === "speaking" || state === "collaborating") {
    g.moveTo(x - 3, y + 1)
      .quadraticCurveTo(x, y - 4, x + 3, y + 1)
      .stroke({ color: EYE, width: 1.9 });
  } else g.circle(x, y, 2.6).fill(EYE);
}

function drawFoot(): Graphics {
  return new Graphics().roundRect(-5, -5, 10, 7, 3.5).fill(0x353a6d);
}

function drawArm(color: number): Graphics {
  const g = new Graphics();
  g.roundRect(-3.5, -4, 7, 13, 3.5).fill(shade(color, 0.68));
  g.circle(0, 8, 3.6).fill(0xf7f3ee);
  return g;
}

/** On the chest: a wrench's square, a triangle, a circle or a star, so that a type is known without its colour. */
function drawBadge(g: Graphics, type: string): void {
  const color = 0xffffff;
  if (type === "aider") g.rect(-3.5, -23, 7, 7).fill(color);
  else if (type === "opencode") g.poly([0, -24, 4.5, -16, -4.5, -16]).fill(color);
  else if (type === "claude") g.circle(0, -19.5, 4).fill(color);
  else g.star(0, -19.5, 5, 5, 2.3).fill(color);
}

/** On the head: a helmet, an antenna, a mortarboard, or ears. */
function drawHat(type: string, color: number): Graphics {
  const g = new Graphics();
  if (type === "aider") {
    g.arc(0, -50, 14, Math.PI, 0).fill(0xf7c948);
    g.roundRect(-17, -52, 34, 4.5, 2).fill(0xe0a92e);
    g.roundRect(-3, -65, 6, 13, 2).fill(0xffdd75);
  } else if (type === "opencode") {
    g.moveTo(0, -53).lineTo(3, -66).stroke({ color: 0x565ca3, width: 2.5 });
    g.circle(3, -68, 4.5).fill(color);
    g.circle(1.8, -69.2, 1.5).fill({ color: 0xffffff, alpha: 0.8 });
  } else if (type === "claude") {
    g.poly([-18, -57, 0, -65, 18, -57, 0, -49]).fill(0x353a6d);
    g.poly([-9, -54, 0, -50, 9, -54, 9, -49, -9, -49]).fill(0x2a2d52);
    g.moveTo(0, -57).lineTo(14, -55).lineTo(15, -47).stroke({ color: 0xf7c948, width: 1.8 });
    g.circle(15, -46, 2.2).fill(0xf7c948);
  } else {
    for (const side of [-1, 1]) {
      g.roundRect(side * 9 - 3.5, -66, 7, 16, 3.5).fill(color);
      g.roundRect(side * 9 - 1.5, -63, 3, 10, 1.5).fill(0xffffff);
    }
  }
  return g;
}
