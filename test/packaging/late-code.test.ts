import { describe, expect, it } from "vitest";
import { bundleForPage } from "../../scripts/lib/bundle.js";
import type { Bundle } from "../../scripts/lib/bundle.js";

/** Words that stand in one part of the package and nowhere else. */
const parts = {
  "the agent pool": "callers wait for them already",
  "the metrics": "is no agent and kind",
  batching: "the answer to a batch has none for this call",
  "finding a session again": "sessionStorage",
  "gathering moves": "perFlush",
} as const;

const programs: [string, Promise<Bundle>][] = [
  [
    "oligarchy-agentvm",
    bundleForPage('import { AgentVM } from "oligarchy-agentvm"; new AgentVM().connect();\n'),
  ],
  [
    "oligarchy-agentvm/slim",
    bundleForPage('import { AgentVM } from "oligarchy-agentvm/slim"; new AgentVM().connect();\n'),
  ],
];

describe.each(programs)("a page that plays with %s", (_name, building) => {
  it.each(Object.entries(parts))("does not load %s before it uses it", async (_part, words) => {
    const { eager, lazy } = await building;
    const holding = (chunks: Bundle["eager"]): string[] =>
      chunks.filter(({ code }) => code.replaceAll("`", '"').includes(words)).map(({ name }) => name);
    expect(holding(eager)).toEqual([]);
    expect(holding(lazy)).toHaveLength(1);
  });

  it("holds nothing of the backend, of MSW or of Node", async () => {
    const { eager, lazy, nodeModules } = await building;
    const others = /\[simulated\]|mockServiceWorker/;
    expect([...eager, ...lazy].filter(({ code }) => others.test(code)).map(({ name }) => name)).toEqual([]);
    expect(nodeModules).toEqual([]);
  });
});
