import { createGodotFacade, pageFrames, systemClock } from "../src/godot/index.js";
import type { FacadeParts } from "../src/godot/index.js";
import type { BackendOptions } from "./backend-options.js";
import { configError } from "./godot/config-error.js";
import { gameParts } from "./godot/parts.js";
import { loadScripts } from "./godot/scripts.js";
import type { GameSocketClass } from "./godot/web-socket.js";
import { createPageBackend } from "./hosts/in-page/page-backend.js";
import type { MockBackend } from "./hosts/in-page/page-backend.js";

/** What a Godot web export finds in the page: the SDK, the embedded backend, and the facade over both. */
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

/** Makes the backend of an endpoint in this page. */
function makeBackend(endpoint: string): MockBackend<GameSocketClass> {
  const { seed, speed = 1, max_agents } = readMock(endpoint);
  const options: BackendOptions = {
    ...(seed === undefined ? {} : { seed }),
    clock: { speed },
    limits: {
      // A game shares this backend with nobody, so nothing is gained by slowing it down.
      rate_limit_per_minute: 1_000_000,
      ...(max_agents === undefined ? {} : { max_agents: Math.floor(max_agents) }),
    },
  };
  return createPageBackend(options, gameParts);
}

/** Gives a backend the scripts of a file's text, once their code is loaded. Rejects with a ConfigError that says what is wrong. */
async function giveScripts(backend: MockBackend<GameSocketClass>, text: string): Promise<void> {
  const { read } = await loadScripts();
  try {
    for (const script of read(text)) backend.script(script);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw configError(`${why}.`, "Correct the file of scripts.");
  }
}

interface UsedBackend {
  readonly backend: MockBackend<GameSocketClass>;
  readonly ready: Promise<void> | undefined;
  users: number;
}

/** Gives managers with the same mock endpoint and scripts the same backend, until the last of them is gone. */
function createPlaces(): FacadeParts["place"] {
  const backends = new Map<string, UsedBackend>();
  const begin = (endpoint: string, scripts: string | undefined): UsedBackend => {
    const backend = makeBackend(endpoint);
    return { backend, ready: scripts === undefined ? scripts : giveScripts(backend, scripts), users: 0 };
  };
  return (endpoint, apiKey, scripts) => {
    if (!endpoint.startsWith(MOCK)) {
      return { target: { endpoint, apiKey }, release: () => undefined };
    }
    const key = endpoint + (scripts ?? "");
    const used = backends.get(key) ?? begin(endpoint, scripts);
    backends.set(key, used);
    used.users += 1;
    return {
      target: used.backend.connection(),
      ready: used.ready,
      release() {
        used.users -= 1;
        if (used.users > 0) return;
        backends.delete(key);
        used.backend.close();
      },
    };
  };
}

// A page may have the script twice, as a tag and packed into the game: the first one stays, with its managers.
if (!(NAME in globalThis)) {
  const clock = systemClock();
  const value = createGodotFacade({ place: createPlaces(), clock, frames: pageFrames(clock) });
  Object.defineProperty(globalThis, NAME, { value, configurable: true });
}
