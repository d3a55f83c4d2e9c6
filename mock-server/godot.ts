import { ConfigError, createGodotFacade, pageFrames, systemClock } from "../src/godot/index.js";
import type { Place } from "../src/godot/index.js";
import type { BackendOptions } from "./backend-options.js";
import { gameParts } from "./godot/parts.js";
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
      throw new ConfigError(`The endpoint's ${name.slice(0, 64)} cannot be used.`, {
        code: "invalid_endpoint",
        outcome: "not_sent",
        remediation: "Write it like mock://?seed=7&speed=20&max_agents=100.",
      });
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

/** Gives managers with the same mock endpoint the same backend, until the last of them is gone. */
function createPlaces(): (endpoint: string, apiKey: string) => Place {
  const backends = new Map<string, { readonly backend: MockBackend<GameSocketClass>; users: number }>();
  return (endpoint, apiKey) => {
    if (!endpoint.startsWith(MOCK)) {
      return { target: { endpoint, apiKey }, release: () => undefined };
    }
    const used = backends.get(endpoint) ?? { backend: makeBackend(endpoint), users: 0 };
    backends.set(endpoint, used);
    used.users += 1;
    return {
      target: used.backend.connection(),
      release() {
        used.users -= 1;
        if (used.users > 0) return;
        backends.delete(endpoint);
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
