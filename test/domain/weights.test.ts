import fc from "fast-check";
import { describe, it } from "vitest";
import { utf8Length } from "../../mock-server/domain/utf8.js";
import { weightOfLine, weightOfText } from "../../mock-server/domain/weights.js";

const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constantFrom('"', "\\", "\u007f", "é", "\ud800", "😀"),
);

describe("the bytes of a text", () => {
  const encoder = new TextEncoder();

  it("are those that it has in UTF-8, whatever its characters are", () => {
    fc.assert(fc.property(texts, (text) => utf8Length(text) === encoder.encode(text).byteLength));
  });

  it("are counted as it is written in JSON", () => {
    const written = (text: string) => encoder.encode(JSON.stringify(text)).byteLength;
    fc.assert(fc.property(texts, (text) => weightOfText(text) === written(text)));
  });

  it("are counted in a line of output as it is written in JSON, with the end of the line", () => {
    const written = (text: string) => encoder.encode(JSON.stringify(text)).byteLength;
    const rest = weightOfLine("", 0) - written("");
    fc.assert(
      fc.property(texts, fc.constantFrom("", "\n"), (start, end) => {
        const text = start + end;
        return weightOfLine(text, utf8Length(text)) === rest + written(text);
      }),
    );
  });
});
