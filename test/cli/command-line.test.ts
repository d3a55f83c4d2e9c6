import { describe, expect, it } from "vitest";
import { PACKAGE_VERSION } from "../../src/contract/index.js";
import { bar, duration, plain } from "../../mock-server/cli/text.js";
import { run } from "./harness.js";

describe("the command line", () => {
  it("explains itself, with the exit codes", async () => {
    const { code, out, err } = await run(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const word of ["serve", "demo", "health", "status", "godot", "Exit codes:"])
      expect(out).toContain(word);
  });

  it("explains itself when nothing is asked, which is no success", async () => {
    const { code, out } = await run([]);
    expect(code).toBe(2);
    expect(out).toContain("Usage: agentvm");
  });

  it("tells its version", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, out: `${PACKAGE_VERSION}\n`, err: "" });
  });

  it.each([
    [["dance"], "Unknown command 'dance'."],
    [["status", "extra"], "Too many arguments"],
    [["demo", "--sped", "3"], "Unknown option '--sped'"],
    [["health", "--timeout", "soon"], "Expected a number above 0"],
    [["health", "--endpoint"], "argument missing"],
    [["health", "--endpoint", "localhost:8000"], "does not begin with http:// or https://"],
    [["health", "--endpoint", "nonsense"], "is not a URL"],
    [["health", "--endpoint", "http://u:s3cret@h"], "holds a user name or password"],
  ])("refuses %j and says what to type", async (args, said) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(said);
    expect(err).toContain("What to do: ");
    expect(err).not.toContain("s3cret");
  });

  it("does not repeat the value of an option that it does not know", async () => {
    const { err } = await run(["status", "--api-key=s3cret"]);
    expect(err).toContain("--api-key");
    expect(err).not.toContain("s3cret");
  });
});

describe("text of a server", () => {
  it("cannot move the cursor, break the line or turn the reading around", () => {
    expect(plain("a\u001b[31mb\r\nc\u202ed\u0007")).toBe("ab c d");
  });

  it("is cut where it is too long", () => {
    expect(plain("x".repeat(50), 10)).toBe("xxxxxxx...");
  });
});

describe("numbers", () => {
  it("become bars and spans of time that people read", () => {
    expect([bar(0), bar(0.5), bar(1), bar(7)]).toEqual([
      "[----------]",
      "[#####-----]",
      "[##########]",
      "[##########]",
    ]);
    expect([duration(8.24), duration(200), duration(7_500)]).toEqual(["8.2 s", "3 min 20 s", "2 h 5 min"]);
  });
});
