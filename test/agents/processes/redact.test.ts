import fc from "fast-check";
import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../../server/src/processes/redact/redactor.js";
import type { Redactor } from "../../../server/src/processes/redact/redactor.js";

const KEY = "pl4nted/Key+of~the?test";

function inPieces(redactor: Redactor, text: string, size: number): string {
  const stream = redactor.stream();
  let given = "";
  for (let from = 0; from < text.length; from += size) given += stream.push(text.slice(from, from + size));
  return given + stream.flush();
}

describe("a secret whose value is known", () => {
  const redactor = createRedactor({
    WEATHER_API_KEY: KEY,
    HOME: "/home/ada",
    PWD: "/home/ada/the-game-of-life",
  });

  it("is taken out of a text", () => {
    expect(redactor.redact(`the key is ${KEY}.`)).toBe("the key is [redacted].");
  });

  it("is taken out when it comes byte by byte", () => {
    expect(inPieces(redactor, `the key is ${KEY}.`, 1)).toBe("the key is [redacted].");
  });

  it("is taken out in base64, wherever in it", () => {
    for (const before of ["", "a", "ab", "abc", "user:"]) {
      const encoded = Buffer.from(`${before}${KEY} and more`).toString("base64");
      expect(redactor.redact(encoded)).toContain("[redacted]");
      expect(redactor.redact(Buffer.from(before + KEY).toString("base64url"))).toContain("[redacted]");
    }
  });

  it("is taken out of URLs, in capitals and in small letters", () => {
    const encoded = encodeURIComponent(KEY);
    expect(redactor.redact(`/?key=${encoded}&a=1`)).toBe("/?key=[redacted]&a=1");
    expect(redactor.redact(encoded.replace("%2F", "%2f").replace("%2B", "%2b").replace("%3F", "%3f"))).toBe(
      "[redacted]",
    );
  });

  it("is taken out where it is broken over two lines", () => {
    expect(redactor.redact(`${KEY.slice(0, 12)}\n${KEY.slice(12)} rest`)).toBe("[redacted]\n[redacted] rest");
  });

  it("is taken out of JSON where its characters are escaped there", () => {
    const quoting = createRedactor({ DB_PASSWORD: 'a"quoted\\secret' });
    const line = JSON.stringify({ text: 'it is a"quoted\\secret here' });
    expect(JSON.parse(quoting.redact(line))).toEqual({ text: "it is [redacted] here" });
  });

  it("leaves folders and words alone", () => {
    const words = createRedactor({
      TOKENIZERS_PARALLELISM: "false",
      MAX_TOKENS: "32000",
      PASSWORD: "password",
      PWD: "/home/ada/x1",
    });
    const text = "false 32000 password /home/ada/x1";
    expect(words.redact(text)).toBe(text);
  });

  it("is taken out in whichever pieces it comes, and nothing else is", () => {
    const secrets = ["abcabcabd1234", "cabdX1", "1234-abcabc"];
    const known = createRedactor({}, secrets);
    const part = fc.oneof(fc.constantFrom(...secrets, "abc", "1234", "-", " ", "z", "\n"));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (parts, size) => {
        const text = parts.join("");
        const given = inPieces(known, text, size);
        expect(given).toBe(known.redact(text));
        for (const secret of secrets) expect(given).not.toContain(secret);
        if (
          secrets.every(
            (secret) => !text.replaceAll("\n", "").includes(secret.slice(0, 8)) && !text.includes(secret),
          )
        ) {
          expect(given).toBe(text);
        }
      }),
    );
  });

  it("is found in a megabyte that all but holds it everywhere, in time that grows with the text alone", () => {
    const nearly = createRedactor({}, [`${"a".repeat(200)}b1`]);
    expect(nearly.redact(`${"a".repeat(1_000_000)}c`)).toHaveLength(1_000_001);
  });
});

describe("what looks like a key", () => {
  const redactor = createRedactor({});
  const shapes = [
    "sk-ant-api03-aB3dEfGhIjKlMnOpQrStUvWxYz",
    "sk-proj-1234567890abcdefghijklmn",
    "ghp_1234567890abcdefghijABCDEFGHIJ123456",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
  ];

  it("is taken out, whosever it is", () => {
    for (const shape of shapes) expect(redactor.redact(`a ${shape} b`)).toBe("a [redacted] b");
  });

  it("is taken out when it comes byte by byte", () => {
    for (const shape of shapes) expect(inPieces(redactor, `a ${shape} b`, 1)).toBe("a [redacted] b");
  });

  it("is taken out behind the word that stands before it", () => {
    expect(inPieces(redactor, "Authorization: Bearer 0123456789abcdefABCDEF", 1)).toBe(
      "Authorization: Bearer [redacted]",
    );
    expect(redactor.redact("postgres://ada:hunter2@db/x")).toBe("postgres://ada:[redacted]@db/x");
  });

  it("leaves words that begin alike alone", () => {
    const text = 'class="sk-loading-indicator-container" task-management-of-the-day';
    expect(redactor.redact(text)).toBe(text);
  });

  it("is taken out of a private key of many lines, with its headers", () => {
    const block = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${"MIIEabc+/=".repeat(6)}\n-----END RSA PRIVATE KEY-----`;
    expect(redactor.redact(`before\n${block}\nafter`)).toBe("before\n[redacted]\n\n\n\n\nafter");
  });

  it("leaves JSON whole in which there was a private key", () => {
    const line = JSON.stringify({ text: "-----BEGIN PRIVATE KEY-----\nMIIEabc\n", more: 1 });
    expect(JSON.parse(redactor.redact(line))).toEqual({ text: "[redacted]", more: 1 });
  });

  it("is taken out of a key that is longer than what is kept back", () => {
    const long = `sk-${"a1".repeat(5_000)}`;
    expect(inPieces(redactor, `x ${long} y`, 700)).toBe("x [redacted] y");
  });
});
