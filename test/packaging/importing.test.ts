import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { run } from "../../scripts/lib/run.js";
import { root } from "../../scripts/lib/workspace.js";
import { entry } from "../../scripts/modules/entry.js";

const observed = z.object({
  added: z.array(z.string()),
  replaced: z.array(z.string()),
  resources: z.array(z.string()),
  listeners: z.array(z.string()),
});

/** Loads a module in a process of its own and tells what that did to the process. */
function observe(url: string): string {
  return `
const names = Reflect.ownKeys(globalThis);
// Read once before, since Node makes some of its globals at the first touch.
const before = new Map(names.map((name) => [name, globalThis[name]]));
const resources = process.getActiveResourcesInfo();
const all = new Set(Reflect.ownKeys(globalThis));
const listeners = process.eventNames().length;
await import(${JSON.stringify(url)});
// But for where copies of zod find each other.
const added = Reflect.ownKeys(globalThis).filter((name) => !all.has(name)).map(String).filter((name) => !/^__zod_global(Config|Registry)$/.test(name));
const replaced = names.filter((name) => !Object.is(globalThis[name], before.get(name))).map(String);
const left = process.getActiveResourcesInfo();
for (const one of resources) if (left.includes(one)) left.splice(left.indexOf(one), 1);
console.log(JSON.stringify({
  added,
  replaced,
  resources: left.filter((name) => name === "Timeout" || name === "Immediate" || name.includes("Server") || name.includes("Socket")),
  listeners: process.eventNames().slice(listeners).map(String),
}));
`;
}

describe("importing", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "agentvm-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.entries(entry))("%s changes nothing, starts nothing and says nothing", (name, source) => {
    const program = join(folder, `${name.replace("/", "-")}.mjs`);
    writeFileSync(program, observe(pathToFileURL(join(root, source)).href));
    const done = run(process.execPath, ["--import", "tsx", program], { cwd: root, timeoutMs: 10_000 });
    expect(done.stderr).toBe("");
    expect(observed.parse(JSON.parse(done.stdout))).toEqual({
      added: [],
      replaced: [],
      resources: [],
      listeners: [],
    });
  });
});

/** What a page in a sandboxed frame answers for these: an exception. */
const denied = ["localStorage", "sessionStorage", "indexedDB", "caches"];

/** The least that a page gives to a script; every timer and request is written down. */
function sandboxedPage(calls: string[]): vm.Context {
  const page: Record<string, unknown> = {
    AbortController,
    AbortSignal,
    Blob,
    DOMException,
    Event,
    EventTarget,
    FormData,
    Headers,
    ReadableStream,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    TransformStream,
    URL,
    URLSearchParams,
    console,
    crypto: globalThis.crypto,
    location: { href: "https://game.example/", origin: "null", protocol: "https:" },
    queueMicrotask,
  };
  for (const name of [
    "fetch",
    "WebSocket",
    "setTimeout",
    "setInterval",
    "addEventListener",
    "requestAnimationFrame",
  ]) {
    page[name] = () => {
      calls.push(name);
    };
  }
  for (const name of denied) {
    Object.defineProperty(page, name, {
      get() {
        throw new DOMException("The document is sandboxed.", "SecurityError");
      },
    });
  }
  page["navigator"] = {
    userAgent: "page",
    get serviceWorker(): never {
      throw new DOMException("The document is sandboxed.", "SecurityError");
    },
  };
  page["window"] = page["self"] = page;
  return vm.createContext(page);
}

/** An entry with all that it needs as one script. */
async function scriptOf(source: string): Promise<string> {
  const built = await build({
    entryPoints: [join(root, source)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "loaded",
    platform: "browser",
    target: "es2022",
    logLevel: "silent",
  });
  return built.outputFiles[0]?.text ?? "throw new Error('nothing was built')";
}

const forPages = [
  "src/index.ts",
  "src/slim.ts",
  "mock-server/index.ts",
  "mock-server/global.ts",
  "mock-server/testing.ts",
  "src/worker.ts",
];

describe("a page in a sandboxed frame", () => {
  it.each(forPages)("loads %s without touching storage, timers or the network", async (source) => {
    const calls: string[] = [];
    const page = sandboxedPage(calls);
    const script = await scriptOf(source);
    expect(() => vm.runInContext(script, page)).not.toThrow();
    expect(calls).toEqual([]);
  });

  it.each(forPages)(
    "finds no code in %s that is made from text, which its policy may forbid",
    async (source) => {
      expect(await scriptOf(source)).not.toMatch(/\bnew Function\b|\bFunction\(["'`]|\beval\(/);
    },
  );
});

describe("a runtime with no globals but those of the language", () => {
  it.each([...forPages, "mock-server/console.ts"])("loads %s", async (source) => {
    const script = await scriptOf(source);
    expect(() => vm.runInContext(script, vm.createContext({}))).not.toThrow();
  });
});
