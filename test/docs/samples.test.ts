import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { entries, root, samples } from "./samples.js";
import type { Sample } from "./samples.js";

const all = samples();
const runnable = all.filter(({ runs }) => runs);

const folder = mkdtempSync(join(tmpdir(), "agentvm-samples-"));
// For those that use a library beside.
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The page of the console is written with Preact, which the project's settings name. */
const REACT = "/** @jsxImportSource react */";

/** The compiler's complaints about samples, each with the sample's place. The source is checked by other means. */
function complaints(list: readonly Sample[]): string[] {
  const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const files = new Map(
    list.map((sample, index) => [join(root, `sample-${index}.${sample.isReact ? "tsx" : "ts"}`), sample]),
  );
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (path, target, ...rest) => {
    const sample = files.get(path);
    return sample === undefined
      ? readSource(path, target, ...rest)
      : ts.createSourceFile(path, sample.isReact ? `${REACT}\n${sample.code}` : sample.code, target);
  };
  const paths = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, [join(root, path)]]));
  const program = ts.createProgram([...files.keys()], { ...options, paths }, host);
  return [...files].flatMap(([path, { name }]) => {
    const source = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}

/** The code with the package's names as the files that they are built from. */
function onSource(code: string): string {
  return code.replace(/from "(oligarchy-agentvm[^"]*)"/g, (_, name: string) => {
    const path = entries[name];
    if (path === undefined) throw new Error(`There is no entry ${name}.`);
    return `from ${JSON.stringify(pathToFileURL(join(root, path)).href)}`;
  });
}

describe("the code in the guides", () => {
  it("is there", () => {
    expect(runnable.length).toBeGreaterThan(8);
    expect(all.length).toBeGreaterThan(runnable.length);
  });

  it("compiles as it stands, and would not with a mistake", { timeout: 120_000 }, () => {
    const code = 'import { AgentVM } from "oligarchy-agentvm";\nnew AgentVM({ endpiont: "" });\n';
    expect(complaints([...all, { name: "mistake", code, isReact: false, runs: false }])).toEqual([
      expect.stringMatching(/^mistake: .*endpiont/),
    ]);
  });

  it(
    "runs to its end where it is marked so, and closes all that it opened",
    { timeout: 120_000 },
    async () => {
      const lines = runnable.map(({ name, code }, index) => {
        writeFileSync(join(folder, `sample-${index}.mts`), onSource(code));
        return `await import("./sample-${index}.mts");\nconsole.log(${JSON.stringify(`ended ${name}`)});\n`;
      });
      writeFileSync(join(folder, "all.mts"), lines.join(""));
      const args = ["--import", import.meta.resolve("tsx"), join(folder, "all.mts")];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
        cwd: folder,
        env: { PATH: process.env["PATH"] },
        timeout: 110_000,
      });
      expect(stderr).toBe("");
      expect(stdout.split("\n").filter((line) => line.startsWith("ended "))).toEqual(
        runnable.map(({ name }) => `ended ${name}`),
      );
    },
  );
});
