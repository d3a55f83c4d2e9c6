import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BATCH_MAX, DETAIL_BANDS } from "../../src/contract/index.js";
import { REQUEST_FLUSH_MS, STREAM_FLUSH_MS } from "../../src/moves/flush-times.js";
import { MOVES_DEFAULTS, MOVING_AGENTS_MAX } from "../../src/moves/mover.js";
import { POOL_DEFAULTS } from "../../src/pool/pool-options.js";
import { BATCH_MAX_CHARACTERS } from "../../src/client/http/batcher.js";
import { COMPRESS_ABOVE } from "../../src/client/http/compressing.js";
import { METRICS_DEFAULTS } from "../../src/metrics/metrics-options.js";
import { LISTENERS_MAX } from "../../src/client/stream/listeners.js";
import { root } from "./samples.js";

const text = readFileSync(join(root, "docs/game-loops.md"), "utf8");

describe("the guide to game loops", () => {
  it.each(
    Object.entries({
      ...MOVES_DEFAULTS,
      ...POOL_DEFAULTS,
      ...METRICS_DEFAULTS,
      batching: true,
      compressAbove: COMPRESS_ABOVE,
    }),
  )("tells the default of %s, and why", (name, value) => {
    const [, told, why = ""] =
      new RegExp(`^\\| \`${name}\` *\\| \`([^\`]+)\` *\\| (.*)\\|$`, "m").exec(text) ?? [];
    expect(told).toBe(String(value));
    expect(why.trim().length).toBeGreaterThan(20);
  });

  it("tells the bands of detail", () => {
    const rows = [...text.matchAll(/^\| \d +\| (\S+) +\| `(\d+)`/gm)].map(([, within = "", every]) => ({
      within: within.replaceAll("`", ""),
      every: Number(every),
    }));
    expect(rows).toEqual(
      DETAIL_BANDS.map(({ within, every_ms }) => ({ within: String(within ?? "—"), every: every_ms })),
    );
  });

  it.each([
    `at most every ${STREAM_FLUSH_MS} ms`,
    `by requests every ${REQUEST_FLUSH_MS} ms`,
    `at most ${BATCH_MAX} calls and ${BATCH_MAX_CHARACTERS} characters`,
    `| ${LISTENERS_MAX} `,
    `| ${MOVING_AGENTS_MAX} `,
  ])("has the figure in: %s", (words) => {
    expect(text.replaceAll(/\s+/g, " ")).toContain(words);
  });
});
