import { copyFileSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath } from "../godot/lib/page.js";
import { bundlers, makePage, makeScriptPage, makeWorkerPage, programText } from "./bundlers.js";
import { installTools, newConsumer, tool } from "./consumer.js";
import type { Consumer } from "./consumer.js";
import { openPages } from "./pages.js";

const WORKED = "aider: worked";

let consumer: Consumer;

// Packing, and installing from the registry or npm's cache, takes as long as it takes.
beforeAll(() => {
  installTools();
  consumer = newConsumer("typescript", "@types/node@20", "msw@2");
}, 300_000);
afterAll(() => consumer.remove());

describe("the installed package runs", { timeout: 60_000 }, () => {
  it.each([
    ["in Node as a module", process.execPath, ["game.js"]],
    ["in Node with require", process.execPath, ["game.cjs"]],
    ["in Deno", tool("deno"), ["run", "--allow-env", "--allow-read", "game.js"]],
    ["in Bun", tool("bun"), ["game.js"]],
  ])("%s", async (_where, command, args) => {
    expect(await consumer.run(command, ...args)).toEqual({ code: 0, out: WORKED });
  });

  it.each([
    ["in Node", process.execPath, ["server.js"]],
    [
      "in Deno",
      tool("deno"),
      ["run", "--allow-env", "--allow-read", "--allow-net", "--allow-sys", "server.js"],
    ],
    ["in Bun", tool("bun"), ["server.js"]],
  ])("%s over a port, with live events", async (_where, command, args) => {
    expect(await consumer.run(command, ...args)).toEqual({ code: 0, out: "claude: worked, live" });
  });
});

describe("its types hold, those of the packages that it stands on too,", { timeout: 60_000 }, () => {
  const resolutions = [
    ["bundler", "esnext"],
    ["node16", "node16"],
    ["nodenext", "nodenext"],
  ];

  /** What the compiler says of files, with no other globals than those of `lib` and of the packages named in `types`. */
  async function tsc(
    [resolution, module]: readonly string[],
    lib: string,
    types: readonly string[],
    files: readonly string[],
  ) {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
      ...{ target: "es2022", lib: lib.split(","), types, module, moduleResolution: resolution },
    };
    const project = join(consumer.folder, "tsconfig.json");
    writeFileSync(project, JSON.stringify({ compilerOptions, files }));
    return consumer.run(process.execPath, join(consumer.folder, "node_modules/typescript/bin/tsc"));
  }

  it.each(resolutions)("under moduleResolution %s", async (...how) => {
    const said = await tsc(how, "es2022,dom,dom.iterable", ["node"], ["types.ts", "types-node.ts"]);
    expect(said).toEqual({ code: 0, out: "" });
  });

  it.each(resolutions)("in a page without Node's types, under moduleResolution %s", async (...how) => {
    expect(await tsc(how, "es2022,dom", [], ["types.ts"])).toEqual({ code: 0, out: "" });
  });

  it.each(resolutions)("in Node without those of a page, under moduleResolution %s", async (...how) => {
    expect(await tsc(how, "es2022", ["node"], ["types-node.ts"])).toEqual({ code: 0, out: "" });
  });
});

// Node's own modules are named so in what a bundler leaves alone.
const leftAlone = new RegExp(
  `(?:from|import|require\\()\\s*\\(?["'\`](?:node:[\\w/]+|ws|${builtinModules.filter((name) => /^\w+$/.test(name)).join("|")})["'\`]`,
);

describe.skipIf(chromiumPath === null)(
  "in a page, the installed package plays a game",
  { timeout: 60_000 },
  () => {
    const { titleOf } = openPages();

    it.each(Object.entries(bundlers))(
      "when it is built with %s, without ws or a module of Node",
      async (name, build) => {
        const folder = join(consumer.folder, `site-${name}`);
        await build(consumer.folder, "game.js", folder);
        makePage(folder);
        expect(await titleOf(folder)).toBe(WORKED);
        expect(leftAlone.exec(programText(folder))?.[0]).toBeUndefined();
        expect(/permessage-deflate|WebSocketServer/.exec(programText(folder))?.[0]).toBeUndefined();
      },
    );

    it("in a worker", async () => {
      const folder = join(consumer.folder, "site-worker");
      await bundlers["esbuild"]?.(consumer.folder, "worker.js", folder);
      makeWorkerPage(folder);
      expect(await titleOf(folder)).toBe(WORKED);
    });

    it.each(["2.6.0", "2", "3"])(
      "behind the service worker of MSW %s, with live events",
      { timeout: 120_000 },
      async (version) => {
        const other = newConsumer(`msw@${version}`);
        try {
          const folder = join(other.folder, "site-msw");
          await bundlers["esbuild"]?.(other.folder, "msw.js", folder);
          makePage(folder);
          copyFileSync(
            join(other.folder, "node_modules/msw/lib/mockServiceWorker.js"),
            join(folder, "mockServiceWorker.js"),
          );
          expect(await titleOf(folder)).toBe(`${WORKED}, live`);
        } finally {
          other.remove();
        }
      },
    );

    it("with a script element and no bundler", async () => {
      const folder = join(consumer.folder, "site-script");
      makeScriptPage(join(consumer.folder, "node_modules/oligarchy-agentvm"), folder);
      expect(await titleOf(folder)).toBe(WORKED);
    });
  },
);
