import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { WebSocket } from "ws";
import { WebSocketServer } from "ws";
import * as z from "zod/mini";

/** What a scripted server has seen of its client. */
export interface Seen {
  connects: number;
  hellos: unknown[];
  pongs: unknown[];
  /** Frames of positions. */
  positions: unknown[];
  gameIds: unknown[];
  /** Where the stream was looked for. */
  upgrades: string[];
}

const frameSchema = z.looseObject({ type: z.string() });
const positionsSchema = z.looseObject({ type: z.string(), id: z.string() });
const idSchema = z.looseObject({ game_id: z.optional(z.string()) });

const epoch = "epoch_1";

function event(
  seq: number,
  prev: number,
  type = "agent.removed",
  data: object = { agent_id: `agent_${seq}` },
) {
  return { type, epoch, seq, prev, timestamp: "2026-01-01T00:00:00.000Z", game_id: "game_1", data };
}

/** A frame of moves, which stand beside the stream; each is of an agent, at a place of the log and of the world, in some second. */
function latest(...moves: readonly (readonly [agentId: string, seq: number, x: number, second: number])[]) {
  const events = moves.map(([agent_id, seq, x, second]) => ({
    type: "agent.moved",
    epoch,
    seq,
    timestamp: `2026-01-01T00:00:0${second}.000Z`,
    game_id: "game_1",
    data: { agent_id, position: { x, y: 0, z: 0 }, scene_id: null, sequence: null },
  }));
  return { type: "latest", events };
}

function welcome(seq: number, fields: object = {}) {
  return {
    type: "welcome",
    protocol: 1,
    connection_id: "connection_1",
    epoch,
    seq,
    recovered: true,
    heartbeat_ms: 15_000,
    server_time: "2026-01-01T00:00:00.000Z",
    ...fields,
  };
}

/** One connection of a script: what to do after the hello. `turn` counts the connections from 1. */
type Script = (socket: Wire, turn: number) => void;

interface Wire {
  send(...frames: object[]): void;
  close(code: number): void;
}

/** What each script does with the event stream. */
const scripts: Readonly<Record<string, Script>> = {
  gap: (wire, turn) => {
    if (turn === 1) wire.send(welcome(5), event(6, 5), event(9, 8));
    else wire.send(welcome(9), event(7, 6), event(8, 7), event(9, 8));
  },
  twice: (wire) => wire.send(welcome(5), event(6, 5), event(6, 5), event(7, 6), event(6, 5)),
  lost: (wire, turn) => {
    if (turn === 1) {
      wire.send(welcome(5), event(6, 5));
      wire.close(1012);
    } else {
      // Events 20 to 22 are in the snapshot, which is taken at 22; 23 comes after it.
      wire.send(welcome(19, { recovered: false }), event(20, 19), event(22, 20), event(23, 22));
    }
  },
  moves: (wire, turn) => {
    if (turn === 1) {
      wire.send(welcome(5), latest(["agent_a", 5, 1, 1], ["agent_b", 5, 2, 1]), event(6, 5));
      wire.send(latest(["agent_a", 6, 3, 2]));
      wire.close(1012);
    } else wire.send(welcome(6), latest(["agent_a", 6, 3, 2], ["agent_b", 6, 4, 3]), event(7, 6));
  },
  "lost-moves": (wire, turn) => {
    if (turn === 1) {
      wire.send(welcome(5), event(6, 5));
      wire.close(1012);
    } else {
      // The snapshot is taken at 22, when agent_1 was changed in second 5.
      wire.send(welcome(21, { recovered: false }));
      wire.send(latest(["agent_1", 21, 1, 3], ["agent_2", 21, 1, 3], ["agent_1", 21, 2, 4]), event(22, 21));
      wire.send(latest(["agent_1", 22, 3, 4], ["agent_2", 22, 4, 6]), event(23, 22));
      wire.send(latest(["agent_2", 23, 5, 7]));
    }
  },
  expired: (wire, turn) => {
    wire.send(welcome(5));
    if (turn === 1) wire.close(4410);
    else wire.send(event(6, 5));
  },
  unauthorized: (wire, turn) => {
    if (turn === 1) wire.send(welcome(5));
    wire.close(4401);
  },
  forbidden: (wire) => {
    wire.send(welcome(5));
    wire.close(4403);
  },
  slow: (wire, turn) => {
    wire.send(welcome(5));
    if (turn === 1) wire.close(4413);
    else wire.send(event(6, 5));
  },
  silent: (wire, turn) => {
    wire.send(welcome(5, { heartbeat_ms: turn === 1 ? 200 : 15_000 }));
    if (turn > 1) wire.send(event(6, 5));
  },
  ping: (wire) => wire.send(welcome(5), { type: "ping", t: 1_757_000_000_123 }),
  garbage: (wire, turn) => {
    wire.send(welcome(5));
    if (turn === 1) wire.send({ no: "type" }, event(7, 6));
    else wire.send(event(6, 5), event(7, 6));
  },
  large: (wire) =>
    wire.send(
      welcome(5),
      event(6, 5, "task.completed", {
        task_id: "task_1",
        agent_id: "agent_1",
        team_id: null,
        result: {
          success: true,
          output: "ü".repeat(400_000),
          error: null,
          execution_time: 1,
          completed_at: "2026-01-01T00:00:00.000Z",
        },
      }),
    ),
  burst: (wire) => {
    const long = { task_id: "task_1", agent_id: "agent_1", team_id: null, task_type: "general" };
    const prompt = "ü".repeat(500_000);
    const events = Array.from({ length: 10 }, (_, index) =>
      event(6 + index, 5 + index, "task.started", { ...long, prompt }),
    );
    wire.send(welcome(5), ...events);
  },
  below: (wire) => wire.send(welcome(5)),
  elsewhere: (wire) => wire.send(welcome(5)),
  named: (wire) => wire.send(welcome(5)),
  other: (wire) => wire.send(welcome(5)),
  junk: (wire, turn) => {
    wire.send(welcome(5));
    if (turn === 1) wire.send(...Array.from({ length: 5_000 }, () => ({ no: "type" })));
    else wire.send(event(6, 5));
  },
  pages: (wire) => wire.send(welcome(5)),
  early: (wire) => wire.send(welcome(5)),
  mute: (wire) => wire.send(welcome(5)),
  unknown: (wire) => wire.send(welcome(5), event(6, 5, "weather.changed", { wind: 3 })),
  forgetful: (wire) => wire.send(welcome(5)),
  refusing: (wire) => wire.send(welcome(5)),
};

/** What each script does with a frame of positions. `turn` counts them from 1. */
const mover: Readonly<Record<string, (wire: Wire, id: string, turn: number) => void>> = {
  forgetful: (wire, id, turn) => {
    if (turn === 1) wire.close(1012);
    else wire.send({ type: "ack", id, ok: true, result: {} });
  },
  refusing: (wire, id) =>
    wire.send({
      type: "ack",
      id,
      ok: false,
      error: { success: false, code: "storage_full", error: "The game holds too much." },
    }),
};

/** What each script says of where its stream is: below its calls, or at another host's and another script's. */
const told: Readonly<Record<string, (host: string) => string>> = {
  below: (host) => `wss://${host}/scripted/below/events`,
  elsewhere: (host) => `ws://${host.replace("127.0.0.1", "localhost")}/scripted/nobody/ws`,
};

/** Servers that do as they are told, each under a path of its own: `/scripted/<script>`. */
export function addScriptedServers(server: Server): {
  handle(request: IncomingMessage, response: ServerResponse, body: string): boolean;
  seen(script: string): Seen;
} {
  const all = new Map<string, Seen>();
  const live = new Map<string, WebSocket>();
  const seen = (script: string): Seen => {
    const found = all.get(script) ?? {
      connects: 0,
      hellos: [],
      pongs: [],
      positions: [],
      gameIds: [],
      upgrades: [],
    };
    all.set(script, found);
    return found;
  };
  const sockets = new WebSocketServer({ noServer: true });

  server.on("upgrade", (request, socket, head) => {
    const name = (request.url ?? "").split("/")[2] ?? "";
    seen(name).upgrades.push(request.url ?? "");
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const wire: Wire = {
        send: (...frames) => {
          for (const frame of frames) webSocket.send(JSON.stringify(frame));
        },
        // Later, since Godot's WebSocketPeer hands out nothing more once it has read a close.
        close: (code) => setTimeout(() => webSocket.close(code), 400),
      };
      live.set(name, webSocket);
      webSocket.on("message", (data: Buffer) => {
        const frame = frameSchema.parse(JSON.parse(data.toString("utf8")));
        if (frame.type === "hello") {
          seen(name).hellos.push(frame);
          scripts[name]?.(wire, seen(name).hellos.length);
        }
        if (frame.type === "pong") seen(name).pongs.push(frame);
        if (frame.type === "positions") {
          seen(name).positions.push(frame);
          mover[name]?.(wire, positionsSchema.parse(frame).id, seen(name).positions.length);
        }
      });
    });
  });

  const answers = (name: string, path: string, body: string, host: string): object | null => {
    if (path === "/game/connect") {
      const here = seen(name);
      here.connects += 1;
      here.gameIds.push(idSchema.parse(JSON.parse(body)).game_id ?? null);
      return {
        success: true,
        game_id: "game_1",
        session_id: "session_1",
        session_token: `token_${here.connects}`,
        expires_at: "2027-01-01T00:00:00.000Z",
        heartbeat_seconds: 60,
        websocket_url: told[name]?.(host) ?? "",
        limits: {},
        server: { name: "scripted", version: "0", features: [] },
        message: "",
      };
    }
    if (name === "pages" && path.startsWith("/agents")) return [{ id: "agent_1" }];
    if (path.startsWith("/game/agents/")) {
      const seq = seen(name).hellos.length > 1 ? 22 : 5;
      const agents = name === "lost-moves" ? [{ id: "agent_1", updated_at: "2026-01-01T00:00:05.000Z" }] : [];
      return { success: true, game_id: "game_1", agents, cursor: { epoch, seq } };
    }
    if (path === "/tasks/assign") {
      return { success: true, task_id: "task_1", agent_id: "agent_1", status: "assigned", message: "" };
    }
    return { success: true };
  };

  return {
    seen,
    handle(request, response, body) {
      const [, first, name = "", ...rest] = (request.url ?? "").split("/");
      if (first !== "scripted") return false;
      const path = `/${rest.join("/")}`;
      const answer = (): void => {
        response.setHeader("content-type", "application/json");
        // Each page names itself as the next one.
        if (name === "pages") response.setHeader("x-next-cursor", "here");
        response.end(JSON.stringify(answers(name, path, body, request.headers.host ?? "")));
      };
      // Whoever asks this one waits.
      if (name === "mute" && !path.startsWith("/game/")) return true;
      if (name !== "early" || path !== "/tasks/assign") {
        answer();
        return true;
      }
      // The events overtake the answer that they belong to.
      const started = {
        task_id: "task_1",
        agent_id: "agent_1",
        team_id: null,
        prompt: "p",
        task_type: "general",
      };
      live.get(name)?.send(JSON.stringify(event(6, 5)));
      live.get(name)?.send(JSON.stringify(event(7, 6, "task.started", started)));
      setTimeout(answer, 500);
      return true;
    },
  };
}
