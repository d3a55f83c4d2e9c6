import { DETAIL_BANDS, DETAIL_FEATURE, distanceBetween } from "../../contract/detail.js";
import type { CancelTimer, Clock } from "../../contract/index.js";
import type { Viewer } from "./viewer.js";

/** Milliseconds between two frames that tell where the viewer is, at the least. */
export const VIEWER_EVERY_MS = 200;

/** How far a viewer must have gone since it was told last, in the game's own units. */
export const VIEWER_STEP = 0.5;

/** Keeps one server told where the viewer is, as seldom as does. */
export class ViewerFrames {
  readonly #clock: Clock;
  readonly #send: (text: string) => boolean;
  #viewer: Viewer | null = null;
  #told: Viewer | null = null;
  #isKnown = false;
  #timer: CancelTimer | null = null;

  constructor(clock: Clock, send: (text: string) => boolean) {
    this.#clock = clock;
    this.#send = send;
  }

  /** Timers that run. */
  get timers(): number {
    return this.#timer === null ? 0 : 1;
  }

  /** Takes where the viewer is; null for none. Cheap enough for every frame of a game. */
  set(viewer: Viewer | null): void {
    this.#viewer = viewer;
    this.#tell();
  }

  /** A connection is live, with these features: it has been told nothing yet. */
  welcome(features: readonly string[]): void {
    this.#rest();
    this.#told = null;
    this.#isKnown = features.includes(DETAIL_FEATURE);
    this.#tell();
  }

  /** The connection is gone. */
  lose(): void {
    this.#rest();
    this.#isKnown = false;
  }

  #tell(): void {
    if (!this.#isKnown || this.#timer !== null || !this.#isNews()) return;
    const viewer = this.#viewer;
    const bands = viewer?.bands === this.#told?.bands ? undefined : (viewer?.bands ?? DETAIL_BANDS);
    const position = viewer?.position ?? null;
    if (this.#send(JSON.stringify({ type: "viewer", position, bands }))) this.#told = viewer;
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null;
      this.#tell();
    }, VIEWER_EVERY_MS);
  }

  #isNews(): boolean {
    const [viewer, told] = [this.#viewer, this.#told];
    if (viewer === null || told === null) return viewer !== told;
    return viewer.bands !== told.bands || distanceBetween(viewer.position, told.position) > VIEWER_STEP;
  }

  #rest(): void {
    this.#timer?.();
    this.#timer = null;
  }
}
