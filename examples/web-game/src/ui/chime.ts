import { button, el, setText } from "./dom.js";

/** Hertz of the two notes, and how long each one sounds. */
const NOTES = [660, 880] as const;
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.08;

/** A short sound when somebody raises a hand. It is off until the player wants it, and not there where the browser has no sound. */
export class Chime {
  readonly view = el("p", { class: "sound" });
  readonly #button = button("", () => this.#toggle(), { class: "small", "aria-pressed": "false" });
  #audio: AudioContext | null = null;
  #isOn = false;

  constructor() {
    this.view.append(this.#button);
    this.view.hidden = typeof AudioContext === "undefined";
    this.#show();
  }

  /** Sounds, if it is wanted. */
  ring(): void {
    const audio = this.#audio;
    if (!this.#isOn || audio === null) return;
    NOTES.forEach((hertz, place) => {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const from = audio.currentTime + place * NOTE_SECONDS;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(LOUDNESS, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + NOTE_SECONDS);
      tone.connect(volume).connect(audio.destination);
      tone.start(from);
      tone.stop(from + NOTE_SECONDS);
    });
  }

  /** Lets the browser's sound go. */
  close(): void {
    void this.#audio?.close();
    this.#audio = null;
  }

  /** A browser lets a page sound only after its player has done something: so it is opened here. */
  #toggle(): void {
    this.#isOn = !this.#isOn;
    this.#audio ??= new AudioContext();
    this.#show();
    this.ring();
  }

  #show(): void {
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
    setText(this.#button, `Sound when somebody asks: ${this.#isOn ? "on" : "off"}`);
  }
}
