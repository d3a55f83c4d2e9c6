import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocket } from "ws";

/** Whom an attack goes against, as a player of one game: the address, and a session's token. */
export interface Target {
  /** `http://127.0.0.1:8000`: never an address that is not this machine's. */
  readonly url: string;
  readonly token: string;
  readonly gameId: string;
}

/** One kind of attack: goes on until the signal is aborted, each request after the answer to the one before. */
export type Attack = (target: Target, until: AbortSignal) => Promise<void>;

const KIBIBYTE = 1_024;

async function post(target: Target, path: string, body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${target.url}${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${target.token}`, "Content-Type": "application/json", ...headers },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Does something again and again; what the server refuses or cuts off does not end it. */
async function again(until: AbortSignal, attempt: () => Promise<unknown>): Promise<void> {
  while (!until.aborted) {
    await attempt().catch(() => undefined);
    await nextTurn();
  }
}

/** Opens a stream, hands it over, and resolves when it has closed. */
function stream(target: Target, until: AbortSignal, use: (socket: WebSocket) => void): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${target.url.replace(/^http/, "ws")}/ws`);
    const cut = () => socket.terminate();
    until.addEventListener("abort", cut, { once: true });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      until.removeEventListener("abort", cut);
      resolve();
    });
    use(socket);
  });
}

function hello(fields: object): string {
  return JSON.stringify({ type: "hello", protocol: 1, ...fields });
}

/** Agents of the attacker's own, as many as it may have. */
async function crew(target: Target): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < 10; count += 1) {
    const answer = await fetch(`${target.url}/agents/create`, {
      method: "POST",
      headers: { Authorization: `Bearer ${target.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ agent_type: "aider" }),
    });
    const told: unknown = await answer.json();
    if (typeof told === "object" && told !== null && "agent_id" in told) ids.push(String(told.agent_id));
  }
  return ids;
}

/** Tasks as large as one may be, without end. */
const fillsTheMemory: Attack = (target, until) => {
  const body = JSON.stringify({ prompt: "p".repeat(9_000), metadata: { m: "x".repeat(15 * KIBIBYTE) } });
  return again(until, () => post(target, "/tasks/assign", body));
};

/** Answers that are remembered for a day, each under a key of its own. */
const fillsWhatIsRemembered: Attack = (target, until) => {
  let count = 0;
  const body = JSON.stringify({ prompt: "p".repeat(9_000), metadata: { m: "x".repeat(15 * KIBIBYTE) } });
  return again(until, () =>
    post(target, "/tasks/assign", body, { "Idempotency-Key": `key_${(count += 1)}` }),
  );
};

/** Bodies of a great many small objects. */
const keepsTheLoopBusy: Attack = (target, until) => {
  const many = Array.from({ length: 70_000 }, (_, place) => ({ n: place }));
  const body = JSON.stringify({ prompt: "p", metadata: { many } });
  return again(until, () => post(target, "/tasks/assign", body));
};

/** Asks for all that it has missed, hangs up, and asks again. */
const resumesAgainAndAgain: Attack = async (target, until) => {
  let place: object | undefined;
  await again(until, () =>
    stream(target, until, (socket) => {
      const resume = place === undefined ? {} : { resume: place };
      socket.on("open", () => socket.send(hello({ session_token: target.token, ...resume })));
      socket.on("message", (data: Buffer) => {
        const frame: unknown = JSON.parse(data.toString("utf8"));
        if (typeof frame !== "object" || frame === null || !("epoch" in frame)) return;
        place ??= { epoch: frame.epoch, seq: 0 };
        socket.terminate();
      });
    }),
  );
};

/** Wrong keys in the first frame of a stream. */
const guessesKeysOnStreams: Attack = (target, until) => {
  let count = 0;
  return again(until, () =>
    stream(target, until, (socket) => {
      socket.on("open", () => socket.send(hello({ api_key: `guess-${(count += 1)}` })));
    }),
  );
};

/** Streams that never say who they are: as many as there may be, and as many again. */
const holdsStreamsOpen: Attack = async (target, until) => {
  const open = () => again(until, () => stream(target, until, () => undefined));
  await Promise.all(Array.from({ length: 300 }, open));
};

/** Wrong keys in calls, many at a time. */
const guessesKeys: Attack = async (target, until) => {
  const guess = () =>
    again(until, async () => {
      const answer = await fetch(`${target.url}/agents`, { headers: { "X-API-Key": "a-guess" } });
      await answer.arrayBuffer();
    });
  await Promise.all(Array.from({ length: 20 }, guess));
};

/** Moves all its agents in every turn, over REST and over a stream. */
const movesWithoutEnd: Attack = async (target, until) => {
  const ids = await crew(target);
  let count = 0;
  const updates = () => {
    count += 1;
    return ids.map((agent_id) => ({ agent_id, position: { x: count % 1_000, y: 0, z: 0 } }));
  };
  const overRest = again(until, async () => {
    const answer = await fetch(`${target.url}/agents/positions`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${target.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ updates: updates() }),
    });
    await answer.arrayBuffer();
  });
  const overStream = again(until, () =>
    stream(target, until, (socket) => {
      const go = () => {
        if (socket.readyState !== WebSocket.OPEN) return;
        socket.send(JSON.stringify({ type: "positions", updates: updates() }), () => setImmediate(go));
      };
      socket.on("open", () => socket.send(hello({ session_token: target.token })));
      socket.once("message", go);
    }),
  );
  await Promise.all([overRest, overStream]);
};

/** Tasks of many small values each, which take far more memory than text. */
const fillsWithSmallValues: Attack = (target, until) => {
  let count = 0;
  return again(until, () => {
    count += 1;
    const metadata = Object.fromEntries(
      Array.from({ length: 900 }, (_, place) => [`${count}_${place}`, 0.5]),
    );
    return post(target, "/tasks/assign", JSON.stringify({ prompt: "p", metadata }));
  });
};

/** Scenes of as many points as one may have, each of another name. */
const fillsWithScenes: Attack = (target, until) => {
  let count = 0;
  const spawn_points = Array.from({ length: 1_000 }, (_, place) => ({ x: place, y: 0.5, z: -place }));
  return again(until, async () => {
    const answer = await fetch(`${target.url}/game/scene/scene_${(count += 1)}`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${target.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ game_id: target.gameId, spawn_points }),
    });
    await answer.arrayBuffer();
  });
};

/** Reports of calls that there are none of, each of another duration. */
const reportsNonsense: Attack = (target, until) => {
  let count = 0;
  return again(until, () => {
    const events = Array.from({ length: 500 }, () => ({
      type: "call",
      at: "2026-01-01T00:00:00.000Z",
      call: `GET /${(count += 1) % 1_000}`,
      duration_ms: 2 ** ((count % 2_000) - 1_000),
      retries: 0,
      error: null,
    }));
    return post(target, "/analytics/events", JSON.stringify({ events }));
  });
};

/** Bodies in which everything is wrong, and errors that are to be long. */
const isAllWrong: Attack = (target, until) => {
  const many = Object.fromEntries(Array.from({ length: 15_000 }, (_, place) => [`field_${place}`, 0]));
  const bodies = [JSON.stringify(many), JSON.stringify({ ["x".repeat(500_000)]: 0 })];
  let count = 0;
  return again(until, () => post(target, "/agents/create", bodies[(count += 1) % bodies.length] ?? ""));
};

/** All that there is, again and again, as many times as fit into one request. */
const asksForEverything: Attack = (target, until) => {
  const requests = Array.from({ length: 100 }, (_, place) => ({
    id: `list_${place}`,
    method: "GET",
    path: "/tasks?limit=500",
  }));
  return again(until, () => post(target, "/batch", JSON.stringify({ requests })));
};

/** Every kind by its name. */
export const attacks = {
  fillsTheMemory,
  fillsWhatIsRemembered,
  keepsTheLoopBusy,
  resumesAgainAndAgain,
  guessesKeysOnStreams,
  holdsStreamsOpen,
  guessesKeys,
  movesWithoutEnd,
  fillsWithSmallValues,
  fillsWithScenes,
  reportsNonsense,
  isAllWrong,
  asksForEverything,
} as const satisfies Record<string, Attack>;

/** Connects a game of the attacker's own. */
export async function attackerAt(url: string, apiKey: string): Promise<Target> {
  const answer = await fetch(`${url}/game/connect`, {
    method: "POST",
    headers: { "X-API-Key": apiKey, "Content-Type": "application/json" },
    body: JSON.stringify({ game_name: "The attacker" }),
  });
  const told: unknown = await answer.json();
  if (typeof told !== "object" || told === null || !("session_token" in told) || !("game_id" in told)) {
    throw new Error(`The attacker could not connect: HTTP ${answer.status}.`);
  }
  return { url, token: String(told.session_token), gameId: String(told.game_id) };
}
