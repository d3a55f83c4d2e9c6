import type { Clock, Output, Random, Schema } from "../contract/index.js";
import { check, describeProblems } from "../contract/schema.js";
import { PACKAGE_VERSION } from "../contract/version.js";
import { GodotClient } from "./client.js";
import { failure, failureOf } from "./failure.js";
import type { WireFailure } from "./failure.js";
import type { Frames } from "./frames.js";
import type { Target } from "./game-link.js";
import { startSchema, stopSchema, submitSchema } from "./messages.js";
import { parsedJson } from "../contract/parsed-json.js";

/** Managers that a game may have at the same time. */
export const CLIENTS_MAX = 16;

/** Characters of one message at the most. */
export const MESSAGE_MAX = 16_777_216;

/** A place to send calls to, for as long as it is used. */
export interface Place {
  /** Where that is, or will be once it is there. */
  readonly target: Target | Promise<Target>;
  /** The place is not used any more. */
  release(): void;
}

/** What the facade takes from outside. */
export interface FacadeParts {
  /**
   * Finds what an endpoint names. `mock://` names the backend in the page; anything else is an address.
   * Throws for an endpoint that names nothing.
   */
  readonly place: (endpoint: string, apiKey: string, scripts?: string) => Place;
  readonly clock: Clock;
  readonly frames: Frames;
  readonly random?: Random | undefined;
}

/** How often the border between the game and the page was crossed. */
export interface Crossings {
  /** Calls of the game into the page. */
  readonly in: number;
  /** Calls of the page into the game. */
  readonly out: number;
}

/**
 * What a Godot game finds as `window.agentvmGodot`: few entries, strings in and strings out, since the engine's
 * bridge passes nothing else whole. None of them throws: a throw would stop the game's own function.
 */
export interface GodotFacade {
  /**
   * Connects a manager. `message` is JSON: `{endpoint, websocket_url, api_key, environment, timeout_ms, update_frequency, game}`.
   * `callback` is called with one string of JSON: `{client, replies, news}`. Gives `{client}` or `{error}`; the
   * session itself comes later, as the reply to command 0.
   */
  start(message: string, callback: unknown): string;
  /** Takes what a frame gathered: `{client, commands, positions}`. Gives an empty string or `{error}`. */
  submit(message: string): string;
  /** Ends a manager: `{client}`. Gives an empty string or `{error}`. */
  stop(message: string): string;
  /** Tells the version of the script. */
  version(): string;
  /** Tells `{in, out}`, without counting as a crossing itself. */
  crossings(): string;
}

/** Makes the facade. Nothing happens until the game starts a manager. */
export function createGodotFacade(parts: FacadeParts): GodotFacade {
  const clients = new Map<number, { client: GodotClient; place: Place }>();
  let serial = 0;
  let crossedIn = 0;
  let crossedOut = 0;

  /** Reads a message and does the work; whatever goes wrong becomes the answer. */
  const guarded = <S extends Schema>(
    message: unknown,
    schema: S,
    work: (read: Output<S>) => string,
  ): string => {
    crossedIn += 1;
    try {
      if (typeof message !== "string" || message.length > MESSAGE_MAX)
        return refused(badMessage("it is no text, or too long"));
      const read = check(schema, parsedJson(message), "message");
      return read.ok ? work(read.value) : refused(badMessage(describeProblems(read.problems.slice(0, 1))));
    } catch (error) {
      return refused(failureOf(error));
    }
  };

  // Frozen: what else runs in the page does not get between the game and its agents.
  return Object.freeze({
    start: (message, callback) =>
      guarded(message, startSchema, (read) => {
        if (typeof callback !== "function") return refused(badMessage("there is no callback"));
        if (clients.size >= CLIENTS_MAX) {
          const said = `A game has ${CLIENTS_MAX} managers at the most.`;
          return refused(failure("too_many_calls", said, "Use one manager, such as the autoload AgentVM."));
        }
        serial += 1;
        const id = serial;
        const place = parts.place(read.endpoint, read.api_key, read.scripts);
        try {
          const client = new GodotClient(
            {
              ...parts,
              push: (push) => {
                crossedOut += 1;
                try {
                  Reflect.apply(callback, undefined, [JSON.stringify({ client: id, ...push })]);
                } catch {
                  // The game's own failure; the engine has told it already.
                }
              },
            },
            read.update_frequency,
          );
          client.start(place.target, read);
          clients.set(id, { client, place });
        } catch (error) {
          place.release();
          throw error;
        }
        return JSON.stringify({ client: id });
      }),

    submit: (message) =>
      guarded(message, submitSchema, ({ client, commands = [], positions = [] }) => {
        const found = clients.get(client);
        if (found === undefined) return refused(noClient(client));
        found.client.submit(commands, positions);
        return "";
      }),

    stop: (message) =>
      guarded(message, stopSchema, ({ client }) => {
        const found = clients.get(client);
        if (found === undefined) return refused(noClient(client));
        clients.delete(client);
        // The backend in the page has to hear the goodbye before it may go.
        found.client.close().then(
          () => found.place.release(),
          () => found.place.release(),
        );
        return "";
      }),

    version: () => PACKAGE_VERSION,

    crossings: () => JSON.stringify({ in: crossedIn, out: crossedOut } satisfies Crossings),
  } satisfies GodotFacade);
}

function refused(error: WireFailure): string {
  return JSON.stringify({ error });
}

function badMessage(why: string): WireFailure {
  const message = `The page's script was given a message that it cannot read: ${why}.`;
  return failure("invalid_request", message, "Use an addon and a script of the same version.");
}

function noClient(id: number): WireFailure {
  return failure("not_connected", `There is no manager ${id} in the page.`, "Call connect_to_api() again.");
}
