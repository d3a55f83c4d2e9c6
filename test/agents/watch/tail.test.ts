import { appendFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Tail } from "../../../server/src/watch/claude/tail.js";
import { folder } from "../../cli/harness.js";

/** A file with one line in it, which is known, and what is read of it from then on. */
function followed() {
  const path = join(folder(), "session.jsonl");
  writeFileSync(path, "known\n");
  const lines: string[] = [];
  return { path, lines, tail: new Tail(path, 6, (line) => lines.push(line)) };
}

describe("a transcript that is followed", () => {
  it("gives new lines alone, each once it is whole", async () => {
    const { path, lines, tail } = followed();
    const word = Buffer.from("größer\n");
    appendFileSync(path, "one\ntw");
    await tail.read();
    expect(lines).toEqual(["one"]);
    appendFileSync(path, Buffer.concat([Buffer.from("o\n"), word.subarray(0, 3)]));
    await tail.read();
    appendFileSync(path, word.subarray(3));
    await tail.read();
    expect(lines).toEqual(["one", "two", "größer"]);
  });

  it("gives nothing of a file that was cut, or of another one in its place, but what comes then", async () => {
    const { path, lines, tail } = followed();
    truncateSync(path, 2);
    await tail.read();
    appendFileSync(path, "\nnew\n");
    await tail.read();
    expect(lines.at(-1)).toBe("new");
    rmSync(path);
    await tail.read();
    writeFileSync(path, "a\n");
    await tail.read();
    appendFileSync(path, "b\n");
    await tail.read();
    expect(lines.slice(-2)).toEqual(["new", "b"]);
  });

  it("gives the newest of a hundred megabytes, and of a line without an end nothing", async () => {
    const { path, lines, tail } = followed();
    appendFileSync(path, Buffer.alloc(100 * 2 ** 20, "a line of text\n"));
    appendFileSync(path, "\nlast\n");
    await tail.read();
    expect(lines.at(-1)).toBe("last");
    expect(lines.join("\n").length).toBeLessThan(9 * 2 ** 20);
    appendFileSync(path, "x".repeat(5 * 2 ** 20));
    await tail.read();
    appendFileSync(path, "\nnext\n");
    await tail.read();
    expect(lines.slice(-2)).toEqual(["last", "next"]);
  });
});
