import { createGodotFacade, pageFrames, systemClock } from "../src/godot/index.js";
import type { FacadeParts } from "../src/godot/index.js";
import type { BackendOptions } from "./backend-options.js";
import { configError } from "./godot/config-error.js";
import { loadBackend, loadScripts } from "./godot/load-code.js";
import { giveToPage } from "./godot/page-code.js";
import type { GameSocketClass } from "./godot/web-socket.js";
import type { MockBackend } from "./hosts/in-page/page-backend.js";

/** What a Godot web export finds in the page: the SDK and the facade, over it and over the embedded backend, which `mock://` loads. */
const NAME = "agentvmGodot";

const MOCK = "mock://";

/** What `mock://?…` may name, each a number and the least that it may be. */
const settings: Readonly<Record<string, number>> = { seed: 0, speed: 0, max_agents: 1 };

function readMock(endpoint: string): Readonly<Record<string, number>> {
  const query = endpoint.slice(MOCK.length).replace(/^[^?]*\??/, "");
  const read: Record<string, number> = {};
  for (const [name, text] of new URLSearchParams(query)) {
    const least = Object.hasOwn(settings, name) ? settings[name] : undefined;
    const value = text === "" ? NaN : Number(text);
    if (least === undefined || !Number.isFinite(value) || value < least) {
      throw configError(
        `The endpoint's ${name.slice(0, 64)} cannot be used.`,
        "Write it like mock://?seed=7&speed=20&max_agents=100.",
      );
    }
    read[name] = value;
  }
  return read;
}

/** What the backend of an endpoint is made with. */
function optionsOf(endpoint: string): BackendOptions {
  const { seed, speed = 1, max_agents } = readMock(endpoint);
  return {
    ...(seed === undefined ? {} : { seed }),
    clock: { speed },
    limits: {
      // A game shares this backend with nobody, so nothing is gained by slowing it down.
      rate_limit_per_minute: 1_000_000,
      ...(max_agents === undefined ? {} : { max_agents: Math.floor(max_agents) }),
    },
  };
}

/** Makes a backend that goes by the scripts of a file's text, if there is one. Rejects with a ConfigError that says what is wrong with that. */
async function makeBackend(
  options: BackendOptions,
  text: string | undefined,
): Promise<MockBackend<GameSocketClass>> {
  const { create } = await loadBackend();
  if (text === undefined) return create(options);
  const { read } = await loadScripts();
  const backend = create(options);
  try {
    for (const script of read(text)) backend.script(script);
    return backend;
  } catch (error) {
    backend.close();
    const why = error instanceof Error ? error.message : String(error);
    throw configError(`${why}.`, "Correct the file of scripts.");
  }
}

interface UsedBackend {
  readonly backend: Promise<MockBackend<GameSocketClass>>;
  users: number;
}

/** Gives managers with the same mock endpoint and scripts the same backend, until the last of them is gone. */
function createPlaces(): FacadeParts["place"] {
  const backends = new Map<string, UsedBackend>();
  return (endpoint, apiKey, scripts) => {
    if (!endpoint.startsWith(MOCK)) {
      return { target: { endpoint, apiKey }, release: () => undefined };
    }
    const key = endpoint + (scripts ?? "");
    const used = backends.get(key) ?? { backend: makeBackend(optionsOf(endpoint), scripts), users: 0 };
    backends.set(key, used);
    used.users += 1;
    const forget = (): void => {
      if (backends.get(key) === used) backends.delete(key);
    };
    return {
      target: used.backend.then(
        (backend) => backend.connection(),
        (error: unknown) => {
          // Whoever tries again tries anew: what was missing may be there by then.
          forget();
          throw error;
        },
      ),
      release() {
        used.users -= 1;
        if (used.users > 0) return;
        forget();
        used.backend.then(
          (backend) => backend.close(),
          () => undefined,
        );
      },
    };
  };
}

// A page may have the script twice, as a tag and packed into the game: the first one stays, with its managers.
const clock = systemClock();
giveToPage(NAME, createGodotFacade({ place: createPlaces(), clock, frames: pageFrames(clock) }));
