import { Application, Container } from "pixi.js";
import type { Point } from "../world/grid.js";
import { DEPTH, WIDTH } from "../world/layout.js";
import { HALF_HEIGHT, HALF_WIDTH, project, unproject } from "./iso.js";
import type { Pixel } from "./iso.js";

/** Pixels that the whole floor takes with its walls, unscaled. */
const WHOLE = { width: (WIDTH + DEPTH) * HALF_WIDTH + 30, height: (WIDTH + DEPTH) * HALF_HEIGHT + 150 };
/** The middle of all that, on the screen of the unscaled floor. */
const MIDDLE = { x: ((WIDTH - DEPTH) / 2) * HALF_WIDTH, y: ((WIDTH + DEPTH) / 2) * HALF_HEIGHT - 42 };
/** Smaller than this nobody can read the names: then the camera goes with the player. */
const ZOOM_MIN = 0.78;
const ZOOM_MAX = 1.6;
/** A pointer that went further has dragged, not tapped. */
const TAP_PIXELS = 12;

/** The canvas: what is drawn in which order, and from where it is looked at. */
export class Stage {
  readonly app: Application;
  /** What lies flat; drawn first. */
  readonly ground = new Container();
  /** What stands on the floor; the nearer, the later. */
  readonly actors = new Container({ sortableChildren: true });
  /** What floats above all: names, bubbles, effects. */
  readonly sky = new Container({ sortableChildren: true });
  readonly #world = new Container();
  readonly #host: HTMLElement;
  readonly #isStill: boolean;
  #zoom = 1;

  private constructor(app: Application, host: HTMLElement, isStill: boolean) {
    this.app = app;
    this.#host = host;
    this.#isStill = isStill;
    this.#world.addChild(this.ground, this.actors, this.sky);
    app.stage.addChild(this.#world);
  }

  /**
   * Makes the canvas in `host`, with WebGL or, where there is none, with the canvas's own drawing. @throws where there is neither.
   *
   * @param isStill Whether motion is to be reduced: the camera then does not glide.
   */
  static async open(host: HTMLElement, isStill: boolean): Promise<Stage> {
    const app = new Application();
    await app.init({
      preference: ["webgl", "canvas"],
      resizeTo: host,
      backgroundAlpha: 0,
      antialias: true,
      autoDensity: true,
      resolution: Math.min(2, window.devicePixelRatio),
      // The game draws when it has moved everything.
      autoStart: false,
      sharedTicker: false,
    });
    app.canvas.setAttribute("aria-hidden", "true");
    host.append(app.canvas);
    return new Stage(app, host, isStill);
  }

  /** Points the camera, and draws. */
  frame(player: Point, seconds: number): void {
    const { width, height } = this.app.screen;
    const fit = Math.min(width / WHOLE.width, height / WHOLE.height);
    this.#zoom = Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, fit));
    const at = project(player.x, player.z, 0.8);
    const wanted = {
      x: width / 2 - this.#zoom * within(at.x, MIDDLE.x, WHOLE.width - width / this.#zoom),
      y: height / 2 - this.#zoom * within(at.y, MIDDLE.y, WHOLE.height - height / this.#zoom),
    };
    const share = this.#isStill || this.#world.scale.x !== this.#zoom ? 1 : 1 - Math.exp(-6 * seconds);
    this.#world.scale.set(this.#zoom);
    this.#world.x += (wanted.x - this.#world.x) * share;
    this.#world.y += (wanted.y - this.#world.y) * share;
    this.app.render();
  }

  /** Calls `onTap` with the place of the floor that was tapped or clicked. */
  onTap(onTap: (at: Point) => void): void {
    const { canvas } = this.app;
    let start: { x: number; y: number } | null = null;
    canvas.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
      start = { x, y };
    });
    canvas.addEventListener("pointerup", ({ clientX, clientY }) => {
      if (start === null || Math.hypot(clientX - start.x, clientY - start.y) > TAP_PIXELS) return;
      onTap(this.toFloor(clientX, clientY));
    });
  }

  /** The place of the floor at a place of the window. */
  toFloor(clientX: number, clientY: number): Point {
    const { left, top } = this.#host.getBoundingClientRect();
    return unproject({
      x: (clientX - left - this.#world.x) / this.#zoom,
      y: (clientY - top - this.#world.y) / this.#zoom,
    });
  }

  /** Where a place on the unscaled floor's screen is on the stage. */
  toStage({ x, y }: Pixel): Pixel {
    return { x: this.#world.x + x * this.#zoom, y: this.#world.y + y * this.#zoom };
  }

  /** Takes all of it away. */
  close(): void {
    this.app.destroy({ removeView: true }, { children: true });
  }
}

/** Follows `value`, but shows no more beyond the edge than there is; the middle where all fits. */
function within(value: number, middle: number, hidden: number): number {
  const reach = Math.max(0, hidden / 2);
  return Math.max(middle - reach, Math.min(middle + reach, value));
}
