import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PACKAGE_VERSION } from "../../src/contract/index.js";

describe("the version", () => {
  it("that servers and clients tell is the one of package.json", () => {
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
    );
    expect(PACKAGE_VERSION).toBe(manifest.version);
  });
});
