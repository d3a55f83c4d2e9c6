import fc from "fast-check";
import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { LineCutter } from "../../../server/src/processes/lines.js";

function cut(text: string, size = 1_000, max?: number): readonly string[] {
  const cutter = new LineCutter(max);
  const bytes = Buffer.from(text);
  const pieces = [];
  for (let from = 0; from < bytes.length; from += size)
    pieces.push(...cutter.push(bytes.subarray(from, from + size)));
  return [...pieces, ...cutter.end()].map((piece) => piece.text);
}

describe("the lines of a program's output", () => {
  it("are the same however the bytes come", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "ß", "字", "🎮", "\n", "\r\n", " ") });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (written, size) => {
        const lines = written.split(/\r?\n/);
        if (lines.at(-1) === "") lines.pop();
        expect(cut(written, size)).toEqual(lines);
      }),
    );
  });

  it("come in pieces when they are long, and no character is torn", () => {
    expect(cut("🎮🎮🎮\nok", 3, 3)).toEqual(["🎮", "🎮", "🎮", "ok"]);
  });

  it("have neither colors nor titles nor NUL in them", () => {
    expect(cut("\u001b[1;31mred\u001b[0m\u001b]0;title\u0007 and\u0000 tab\t.\n")).toEqual([
      "red and tab\t.",
    ]);
  });

  it("are as one sees them in the end where a program writes over them", () => {
    expect(cut("10%\r50%\r100%\nok\r\n")).toEqual(["100%", "ok"]);
  });
});
