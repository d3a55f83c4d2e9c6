/** What a page does, as a program of somebody who installed the package, and what it may load until it has done it. */
export interface MeasuredPage {
  readonly what: string;
  readonly program: string;
  readonly files: number;
  /** Bytes after gzip. */
  readonly budget: number;
  /** Bytes that fail the check, where they are not the budget's: what is reached, and a little. */
  readonly ceiling?: number;
}

const server = `{ endpoint: location.origin, apiKey: "development-key" }`;

/** A program in a function of its own: what awaits at its top is split by Vite into more files than other programs. */
const main = (imports: string, program: string): string =>
  `${imports}async function main() {\n${program}}\nvoid main();\n`;

/** Shows agents, and moves one: what every game with a stream does. The page tells when it has done so by the marks that it sets. */
const shown = `await agentvm.connect({ game_name: "Measured" });
const agents = agentvm.agents.live();
const until = (isSo) => new Promise((resolve) => {
  const look = () => isSo() && resolve();
  agents.subscribe(look);
  look();
});
const made = Promise.all(["aider", "claude"].map((type) => agentvm.agents.create(type)));
await until(() => agents.size > 0);
performance.mark("first agent");
const [{ id }] = await made;
const to = { x: 3, y: 0, z: 4 };
void agentvm.agents.move(id, to);
await until(() => agents.get(id)?.position.x === to.x);
performance.mark("first move");
performance.mark("done");
`;

const slim = `import { AgentVM } from "oligarchy-agentvm/slim";\n`;
const axios = `import { AgentVM } from "oligarchy-agentvm";\n`;
const inPage = `const agentvm = new AgentVM(createMockBackend().connection());\n`;
const backend = `import { createMockBackend } from "oligarchy-agentvm/mock";\n`;

/** Each page of the budgets. */
export const pages: readonly MeasuredPage[] = [
  {
    what: "calls a server (`slim`)",
    program: main(
      slim,
      `const agentvm = new AgentVM(${server});
const agent = await agentvm.agents.create("aider");
const task = await agentvm.tasks.assign({ agent_id: agent.id, prompt: "Fix the jump" });
await agentvm.tasks.get(task.id);
performance.mark("done");
`,
    ),
    files: 1,
    budget: 28_000,
    ceiling: 28_700,
  },
  {
    what: "shows live agents of a server, and moves them (`slim`)",
    program: main(slim, `const agentvm = new AgentVM(${server});\n${shown}`),
    files: 3,
    budget: 50_000,
    ceiling: 47_100,
  },
  {
    what: "does so with the embedded backend",
    program: main(slim + backend, `${inPage}${shown}`),
    files: 3,
    budget: 80_000,
    ceiling: 107_500,
  },
  {
    what: "the same with axios (`oligarchy-agentvm`)",
    program: main(axios + backend, `${inPage}${shown}`),
    files: 3,
    budget: 103_000,
    ceiling: 129_100,
  },
];

/** One thing that has no page of its own here. */
type Thing = Pick<MeasuredPage, "what" | "files" | "budget" | "ceiling">;

/** What a Godot web export loads where it speaks to a server. */
export const GODOT_SCRIPT: Thing = {
  what: "the Godot script, for a game with a server",
  files: 1,
  budget: 60_000,
  ceiling: 40_200,
};

/** What it loads for `mock://`. */
export const GODOT_SCRIPT_WITH_BACKEND: Thing = {
  what: "the same with the embedded backend (`mock://`)",
  files: 2,
  budget: 93_000,
};

/** What the console adds to a page that has the SDK and the backend. */
export const CONSOLE: Thing = {
  what: "the console over a page, on top of that",
  files: 1,
  budget: 32_000,
};

/** On disk, and not compressed; zod's sources, builds and types are more than half of it. */
export const INSTALL = {
  what: "an install with all that it needs to run",
  budget: 12_000_000,
  ceiling: 16_100_000,
} as const;
