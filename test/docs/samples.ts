import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The package's entries, as a user names them, and the files that they are built from. */
export const entries: Readonly<Record<string, string>> = {
  "oligarchy-agentvm": "src/index.ts",
  "oligarchy-agentvm/slim": "src/slim.ts",
  "oligarchy-agentvm/config": "src/config/index.ts",
  "oligarchy-agentvm/contract": "src/contract.ts",
  "oligarchy-agentvm/mock": "mock-server/index.ts",
  "oligarchy-agentvm/mock/node": "mock-server/node.ts",
  "oligarchy-agentvm/mock/msw": "mock-server/msw.ts",
  "oligarchy-agentvm/mock/console": "mock-server/console.ts",
  "oligarchy-agentvm/testing": "mock-server/testing.ts",
  "oligarchy-agentvm/worker": "src/worker.ts",
  "oligarchy-agentvm/react": "src/react.ts",
};

/** One block of TypeScript in a guide, or of React's. */
export interface Sample {
  /** The guide and the line in it. */
  readonly name: string;
  readonly code: string;
  readonly isReact: boolean;
  /** Marked as one that runs by itself. */
  readonly runs: boolean;
}

/** The guides, from the package's folder. */
export const guides: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Every TypeScript block of the guides. */
export function samples(): Sample[] {
  return guides.flatMap((guide) => {
    const text = readFileSync(join(root, guide), "utf8");
    return [...text.matchAll(/^```(tsx?)( run)?\n([^]*?)^```$/gm)].map((match) => ({
      name: `${guide}:${text.slice(0, match.index).split("\n").length}`,
      code: match[3] ?? "",
      isReact: match[1] === "tsx",
      runs: match[2] !== undefined,
    }));
  });
}
