import { Container, Graphics } from "pixi.js";
import type { Facing } from "../world/layout.js";

/** The player's character: the only one here that is no robot. */
export class Hero {
  readonly view = new Container();
  readonly #feet: readonly [Graphics, Graphics];
  readonly #top = new Container();
  readonly #face = new Graphics();
  readonly #hair = new Graphics();

  constructor() {
    const ring = new Graphics();
    ring.ellipse(0, 0, 21, 10.5).fill({ color: 0xffffff, alpha: 0.16 });
    ring.ellipse(0, 0, 21, 10.5).stroke({ color: 0xfff3c4, width: 2.2 });
    const foot = (): Graphics => new Graphics().roundRect(-5, -6, 10, 8, 3.5).fill(0xffffff);
    this.#feet = [foot(), foot()];
    const body = new Graphics();
    body.roundRect(-11, -16, 22, 13, 5).fill(0x2f3a6e);
    body.roundRect(-13, -32, 26, 20, 8).fill(0xe2484d);
    body.roundRect(-13, -32, 23, 20, 8).fill(0xf2595e);
    body.rect(-13, -22, 26, 3.5).fill(0xffe9d6);
    for (const x of [-14, 14]) body.circle(x, -17, 4).fill(0xf1c7a3);
    const head = new Graphics().roundRect(-14, -57, 28, 27, 13).fill(0xf1c7a3);
    this.#face.circle(-5, -43, 2.4).circle(6, -43, 2.4).fill(0x2a2145);
    this.#face.ellipse(-9, -38, 3, 1.8).ellipse(10, -38, 3, 1.8).fill({ color: 0xf08a7a, alpha: 0.6 });
    this.#face.moveTo(-3, -37).quadraticCurveTo(0.5, -34.5, 4, -37).stroke({ color: 0x8a4a3c, width: 1.6 });
    this.#hair.roundRect(-14, -56, 28, 22, 12).fill(0x53301f);
    const cap = new Graphics();
    cap.arc(0, -49, 15, Math.PI, 0).fill(0x3b4fc4);
    cap.roundRect(-16, -51, 32, 5, 2.5).fill(0x2f3fa3);
    cap.circle(0, -64, 2.6).fill(0xfff3c4);
    this.#top.addChild(body, head, this.#face, this.#hair, cap);
    this.view.addChild(ring, ...this.#feet, this.#top);
  }

  /** Draws the player as it is at one moment. */
  pose(facing: Facing, isWalking: boolean, time: number): void {
    const isBack = facing === "-x" || facing === "-z";
    this.#face.visible = !isBack;
    this.#hair.visible = isBack;
    this.#face.x = facing === "+x" ? 3 : -3;
    const swing = isWalking ? Math.sin(time * 12) : 0;
    const [left, right] = this.#feet;
    left.position.set(-6, -1 - Math.max(0, swing) * 5);
    right.position.set(6, -1 - Math.max(0, -swing) * 5);
    this.#top.y = isWalking ? -Math.abs(Math.cos(time * 12)) * 2.5 : Math.sin(time * 2) * 0.7;
  }
}
