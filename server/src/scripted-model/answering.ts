import type { ServerResponse } from "node:http";
import type { Call, Failure, Part, Usage } from "./call.js";
import type { Block, Ending, Protocol, WholeBlock } from "./protocol.js";

/** What an answer waits for beside its reader. */
export interface Pacing {
  /** Resolves when the test says that a wait is over. */
  wait(name: string): Promise<void>;
  /** Resolves after so many milliseconds. */
  pause(ms: number): Promise<void>;
}

/** An answer to one call, as it goes out. */
export interface Answer {
  readonly protocol: Protocol;
  readonly call: Call;
  readonly parts: readonly Part[];
  readonly usage: Usage;
}

/** Bytes of one write, where nothing else is wanted. */
const FLOOD_PIECE = 64 * 1024;

/** Writes an answer to its end, or until its reader is gone. */
export async function sendAnswer(response: ServerResponse, answer: Answer, pacing: Pacing): Promise<void> {
  const out = new Outlet(response);
  const gone = new Promise<void>((resolve) => response.once("close", resolve));
  const orGone = (waited: Promise<void>): Promise<void> => Promise.race([waited, gone]);
  const { call, parts, usage, protocol } = answer;
  const encoder = protocol.encode(call, usage);
  const blocks: WholeBlock[] = [];
  let began = false;

  /** What is streamed goes out at once; what is not is kept until the end. */
  const write = async (text: string): Promise<void> => {
    if (!call.stream) return;
    if (!began) {
      began = true;
      out.begin();
      await out.write(encoder.begin());
    }
    await out.write(text);
  };
  const writeBlock = async (block: Block, pieces: Iterable<string>): Promise<void> => {
    let text = "";
    await write(encoder.open(block));
    for (const piece of pieces) {
      if (out.isClosed) return;
      text += piece;
      await write(encoder.piece(block, piece));
    }
    await write(encoder.close(block, text));
    blocks.push({ block, text });
  };

  for (const part of parts) {
    if (out.isClosed) return;
    const index = blocks.length;
    switch (part.kind) {
      case "text":
        await writeBlock({ kind: "text", index }, cutUp(part.text, part.piece));
        break;
      case "thinking":
        await writeBlock({ kind: "thinking", index }, [part.text]);
        break;
      case "flood":
        await writeBlock({ kind: "text", index }, flood(part.bytes));
        break;
      case "tool":
        await writeBlock({ kind: "tool", index, use: part.use }, [part.use.input]);
        break;
      case "trickle":
        out.trickle = part.bytes;
        break;
      case "wait":
        await write("");
        await orGone(pacing.wait(part.name));
        break;
      case "pause":
        await write("");
        await orGone(pacing.pause(part.seconds * 1_000));
        break;
      case "hang":
        await gone;
        return;
      case "cut":
        await write("");
        response.destroy();
        return;
      case "error":
        if (call.stream) {
          await write(encoder.error(part.failure));
          response.end();
        } else sendRefusal(response, protocol, part.failure);
        return;
    }
  }
  if (out.isClosed) return;
  const ending: Ending = blocks.some(({ block }) => block.kind === "tool") ? "tools" : "said";
  if (call.stream) {
    await write(encoder.end(ending));
    response.end();
  } else sendJson(response, 200, encoder.whole(blocks, ending));
}

/** Refuses a call in the words of its protocol. */
export function sendRefusal(response: ServerResponse, protocol: Protocol, failure: Failure): void {
  if (failure.retryAfter !== null) response.setHeader("retry-after", String(failure.retryAfter));
  sendJson(response, failure.status, protocol.refusal(failure));
}

/** Sends one JSON value. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** Where a stream goes out: no faster than it is read, and in pieces as small as is wanted. */
class Outlet {
  readonly #response: ServerResponse;
  /** Bytes of each write; null for as many as there are. */
  trickle: number | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get isClosed(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  begin(): void {
    this.#response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    this.#response.flushHeaders();
    this.#response.socket?.setNoDelay(true);
  }

  async write(text: string): Promise<void> {
    if (text === "") return;
    const bytes = Buffer.from(text);
    const size = this.trickle ?? bytes.length;
    for (let from = 0; from < bytes.length && !this.isClosed; from += size)
      await this.#writeOne(bytes.subarray(from, from + size));
  }

  #writeOne(bytes: Buffer): Promise<void> {
    // Waiting for each makes it a packet of its own where they are small, and holds a flood back where nobody reads it.
    return new Promise((resolve) => {
      const done = (): void => {
        this.#response.off("close", done);
        resolve();
      };
      this.#response.once("close", done);
      this.#response.write(bytes, done);
    });
  }
}

/** A text in pieces of so many characters, none of them cut in two. */
function* cutUp(text: string, size: number): Generator<string> {
  if (size >= text.length) {
    yield text;
    return;
  }
  const characters = Array.from(text);
  for (let from = 0; from < characters.length; from += size)
    yield characters.slice(from, from + size).join("");
}

function* flood(bytes: number): Generator<string> {
  const line = `${"flood ".repeat(13)}\n`;
  const piece = line.repeat(Math.ceil(FLOOD_PIECE / line.length));
  for (let left = bytes; left > 0; left -= piece.length) yield piece.slice(0, left);
}
