import { readFileSync } from "node:fs";
import { connect } from "node:net";

/*
 * The program that Claude Code calls for each of its hooks. It says what has happened to the watcher, if there is one, and ends. Whatever
 * is wrong, it prints nothing, ends with 0, and is gone after a moment: a person's session is neither stopped nor held up by it.
 */

/** Milliseconds after which it ends, whatever it waits for. */
const PATIENCE_MS = 1_000;

/** Bytes that are read at the most, and characters of one text in what is said. */
const READ_MAX = 16 * 2 ** 20;
const TEXT_MAX = 32_000;

/** How deep what is said may go, and how many fields of one thing are said. */
const DEPTH_MAX = 4;
const FIELDS_MAX = 50;

const end = (): never => process.exit(0);
process.on("uncaughtException", end);
process.on("unhandledRejection", end);
setTimeout(end, PATIENCE_MS);

const [door = ""] = process.argv.slice(2);
const socket: unknown = JSON.parse(readFileSync(door, "utf8"));
const pieces: Buffer[] = [];
let bytes = 0;
process.stdin.on("data", (piece: Buffer) => {
  bytes += piece.length;
  if (bytes > READ_MAX) end();
  pieces.push(piece);
});
process.stdin.on("end", () => {
  const event: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
  const pid = Number(process.env["CLAUDE_PID"] ?? "0");
  const said = JSON.stringify({ event: cut(event, 0), pid, at: performance.timeOrigin });
  const link = connect(String(field(socket, "socket")), () => link.end(`${said}\n`));
  link.on("error", end);
  link.on("close", end);
  link.resume();
});

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** The same with its texts cut, so that a whole file is not sent. What a tool has answered is not looked at by anybody. */
function cut(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.slice(0, TEXT_MAX);
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH_MAX) return null;
  if (Array.isArray(value)) return value.slice(0, FIELDS_MAX).map((one: unknown) => cut(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "tool_response")
      .slice(0, FIELDS_MAX)
      .map(([name, one]: [string, unknown]) => [name, cut(one, depth + 1)]),
  );
}
