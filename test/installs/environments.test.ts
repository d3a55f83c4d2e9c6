import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build, transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { targets } from "../../scripts/lib/targets.js";
import { runEngine, skipReason } from "../godot/lib/engine.js";
import { chromiumPath } from "../godot/lib/page.js";
import { bundlers, makePage, makeScriptPage } from "./bundlers.js";
import { installTools, newConsumer, tools } from "./consumer.js";
import type { Consumer } from "./consumer.js";
import { withoutNewerGlobals } from "./newer-globals.js";
import { openPages } from "./pages.js";

const command = () => join(consumer.folder, "node_modules/oligarchy-agentvm/dist/cli.js");
const installed = (name: string) => join(tools, "node_modules", name);

let consumer: Consumer;

// Packing, and installing from the registry or npm's cache, takes as long as it takes.
beforeAll(() => {
  installTools();
  consumer = newConsumer("react@19", "react-dom@19");
}, 300_000);
afterAll(() => consumer.remove());

/** The packed package's own server, until `use` is done. */
async function withServer<T>(use: (endpoint: string) => Promise<T>): Promise<T> {
  const server = spawn(process.execPath, [
    ...[command(), "serve", "--port", "0", "--seed", "7", "--speed", "500", "--json"],
  ]);
  try {
    for await (const line of createInterface(server.stdout)) {
      const endpoint = /http:\/\/[^"\s]+:\d+/.exec(line)?.[0];
      if (endpoint !== undefined) return await use(endpoint);
    }
    throw new Error("The server did not say where it listens.");
  } finally {
    server.kill();
  }
}

describe("the installed package in a game's tests", { timeout: 120_000 }, () => {
  it.each([
    ["jest-29", "jest-environment-jsdom-29"],
    ["jest-30", "jest-environment-jsdom-30"],
    ["jest-30", "@happy-dom/jest-environment"],
  ])(
    "plays in %s with %s, takes the matchers, and names what a page of it lacks",
    async (jest, environment) => {
      const { code, out } = await consumer.run(
        process.execPath,
        installed(`${jest}/bin/jest.js`),
        ...["--rootDir", consumer.folder, "--env", installed(environment)],
        ...["--testMatch", "**/*.test.cjs", "--transform", "{}", "--no-cache", "--no-watchman"],
      );
      expect(out).toContain("5 passed, 5 total");
      expect(code).toBe(0);
    },
  );
});

describe("the installed package in Node", { timeout: 60_000 }, () => {
  it("is rendered by React on a server as the guide says", async () => {
    expect(await consumer.run(process.execPath, "render.js")).toEqual({ code: 0, out: "<p></p> <p>Ada</p>" });
  });

  it("has errors that are instances of the classes of both of its builds", async () => {
    expect(await consumer.run(process.execPath, "both-builds.cjs")).toEqual({
      code: 0,
      out: "false true true false",
    });
  });

  it.each(["oligarchy-agentvm", "oligarchy-agentvm/slim"])(
    "makes sixty calls of %s that one signal may end, with one listener and no warning",
    async (entry) => {
      const said = await withServer((endpoint) =>
        consumer.run(process.execPath, "shared-signal.js", entry, endpoint),
      );
      expect(said).toEqual({ code: 0, out: "60 answers, 1 listener, 0 afterwards" });
    },
  );

  it("prints a line that can be read, and the stack, of an error that nobody catches", async () => {
    const { code, out } = await consumer.run(process.execPath, "throws.js");
    expect(code).toBe(1);
    expect(out).toMatch(/^ConfigError: new AgentVM\(\): endpoint must be a URL\.\n {4}at .+\n {4}at /m);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThan(300);
  });
});

describe.skipIf(skipReason !== null)(
  `the installed package in Godot${skipReason === null ? "" : ` (${skipReason})`}`,
  { timeout: 240_000 },
  () => {
    it("puts its addon into a project, which plays against its server", async () => {
      const { code, out } = await consumer.run(process.execPath, command(), "godot", "install", "godot");
      expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining("Installed AgentVM") });
      const project = join(consumer.folder, "godot");
      expect((await runEngine(project, ["--import"])).errors).toEqual([]);
      const { output, errors } = await withServer((endpoint) => runEngine(project, ["--", endpoint]));
      expect(errors).toEqual([]);
      expect(output).toContain("aider: worked, a team of 3");
    });
  },
);

describe("the installed package in workerd", { timeout: 60_000 }, () => {
  it("plays on its own backend and on a server, and reads output as it is written", async () => {
    await build({
      absWorkingDir: consumer.folder,
      entryPoints: ["workerd.js"],
      bundle: true,
      format: "esm",
      conditions: ["workerd", "worker", "browser"],
      outfile: "workerd-built.js",
    });
    const port = 3;
    const worker = spawn(installed(".bin/workerd"), ["serve", "workerd.capnp", `--control-fd=${port}`], {
      cwd: consumer.folder,
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    try {
      const control = worker.stdio[port];
      if (control === undefined || control === null) throw new Error("workerd tells nothing.");
      const [told] = await once(control, "data");
      const listens = /"port":(\d+)/.exec(String(told))?.[1] ?? "";
      const said = await withServer(async (endpoint) =>
        (await fetch(`http://127.0.0.1:${listens}/?endpoint=${endpoint}`)).text(),
      );
      expect(said).toBe("aider: worked, aider: worked");
    } finally {
      worker.kill();
    }
  });
});

describe("what a page loads of the installed package", { timeout: 60_000 }, () => {
  it("is written in what the oldest browsers read", async () => {
    const folder = join(consumer.folder, "site-syntax");
    await bundlers["esbuild"]?.(consumer.folder, "game.js", folder);
    const dist = join(consumer.folder, "node_modules/oligarchy-agentvm/dist");
    const files = [
      ...readdirSync(folder).map((name) => join(folder, name)),
      ...["agentvm.global.js", "console/console.js"].map((name) => join(dist, name)),
      ...["agentvm-godot.js", "agentvm-godot-backend.js", "agentvm-godot-scripts.js"].map((name) =>
        join(dist, "../addons/agentvm/web", name),
      ),
    ];
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      const asFor = async (target: string | string[]) =>
        (await transform(text, { target, logLevel: "silent" })).code.length;
      expect(await asFor(targets), file).toBe(await asFor("esnext"));
    }
  });
});

describe.skipIf(chromiumPath === null)(
  "in a page without what the oldest browsers lack, the installed package plays a game",
  { timeout: 60_000 },
  () => {
    const pages = openPages();
    const checked = `
      if (typeof URL.canParse === "function" || typeof structuredClone === "function") {
        throw new Error("Newer globals are still there.");
      }`;
    const titleOf = (folder: string) => pages.titleOf(folder, withoutNewerGlobals() + checked);

    it("from a bundle", async () => {
      const folder = join(consumer.folder, "site-old");
      await bundlers["esbuild"]?.(consumer.folder, "game.js", folder);
      makePage(folder);
      expect(await titleOf(folder)).toBe("aider: worked");
    });

    it("over a server, with live events", async () => {
      const folder = join(consumer.folder, "site-old-server");
      await withServer(async (endpoint) => {
        writeFileSync(join(consumer.folder, "endpoint.js"), `export const endpoint = "${endpoint}";\n`);
        await bundlers["esbuild"]?.(consumer.folder, "over-a-server.js", folder);
        makePage(folder);
        expect(await titleOf(folder)).toBe("aider: worked, live");
      });
    });

    it("with a script element and no bundler", async () => {
      const folder = join(consumer.folder, "site-old-script");
      makeScriptPage(join(consumer.folder, "node_modules/oligarchy-agentvm"), folder);
      expect(await titleOf(folder)).toBe("aider: worked");
    });
  },
);
