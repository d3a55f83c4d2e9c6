import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Call, OfferedTool, ToolUse } from "./call.js";
import { newCallId, quoted } from "./calling.js";
import type { ToolStep } from "./scenario.js";

/**
 * The calls that do a step with codex's own tools, a shell and patches, one list for each answer that it takes; null where those are not
 * offered. Newer models get a tool that runs JavaScript, in which the others are functions.
 */
export function codexToolUses(step: ToolStep, call: Call): readonly (readonly ToolUse[])[] | null {
  const tools = toolsOf(call);
  if (tools === null) return null;
  switch (step.kind) {
    case "read":
      return [[tools.run(`cat ${wordOf(step.path)}`)]];
    case "write":
      return [[tools.patch([`*** Add File: ${step.path}`, ...prefixed("+", step.content)])]];
    case "edit": {
      const { before, after } = wholeLines(step, call.directory);
      return [
        [
          tools.patch([
            `*** Update File: ${step.path}`,
            "@@",
            ...prefixed("-", before),
            ...prefixed("+", after),
          ]),
        ],
      ];
    }
    case "delete":
      return [[tools.patch([`*** Delete File: ${step.path}`])]];
    case "run":
      return [[tools.run(step.command)]];
    case "plan": {
      const plan = step.entries.map(({ text, status }) => ({ step: text, status: STATUS[status] }));
      return one(tools.call("update_plan", { plan }));
    }
    case "ask": {
      const options = step.options.map((label) => ({ label, description: label }));
      return one(
        tools.direct("request_user_input", {
          questions: [{ id: "question", header: "Question", question: step.question, options }],
        }),
      );
    }
    case "helper": {
      const name = step.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
      const spawn = tools.direct("spawn_agent", {
        task_name: name,
        message: step.prompt,
        fork_turns: "none",
      });
      const wait = tools.direct("wait_agent", { timeout_ms: 600_000 });
      return spawn === null || wait === null ? null : [[spawn], [wait]];
    }
  }
}

function one(use: ToolUse | null): readonly (readonly ToolUse[])[] | null {
  return use === null ? null : [[use]];
}

/** How codex's tools are called. */
interface CodexTools {
  run(command: string): ToolUse;
  patch(lines: readonly string[]): ToolUse;
  /** A tool that may be a function of the one that runs JavaScript; null where it is not there. */
  call(name: string, input: object): ToolUse | null;
  /** A tool that is never one of those. */
  direct(name: string, input: object): ToolUse | null;
}

function toolsOf({ tools }: Call): CodexTools | null {
  const find = (name: string): OfferedTool | undefined => tools.find((tool) => tool.name === name);
  const direct: CodexTools["direct"] = (name, input) => {
    const tool = find(name);
    return tool === undefined ? null : use(tool, JSON.stringify(input), "json");
  };
  const shell = find("exec_command");
  if (shell !== undefined)
    return {
      run: (cmd) => use(shell, JSON.stringify({ cmd }), "json"),
      // codex takes this command for itself, wherever the model writes it, and asks about the files as it would about a patch.
      patch: (lines) => {
        const cmd = ["apply_patch <<'PATCH'", ...patched(lines), "PATCH"].join("\n");
        return use(shell, JSON.stringify({ cmd }), "json");
      },
      call: direct,
      direct,
    };
  const script = find("exec");
  if (script === undefined) return null;
  return {
    run: (cmd) => use(script, runScript(cmd), "text"),
    patch: (lines) =>
      use(script, tried(`text(await tools.apply_patch(${inScript(patched(lines))}));`), "text"),
    call: (name, input) =>
      JSON.stringify(script.schema ?? "").includes(`tools: { ${name}(`)
        ? use(script, tried(`text(await tools.${name}(${JSON.stringify(input)}));`), "text")
        : null,
    direct,
  };
}

function use(tool: OfferedTool, input: string, format: ToolUse["format"]): ToolUse {
  return { id: newCallId(), name: tool.name, namespace: tool.namespace, input, format };
}

/** Runs a command to its end, however long that takes, and says how it ended in the words that the shell's own tool has. */
function runScript(cmd: string): string {
  return tried(`let r = await tools.exec_command({ cmd: ${JSON.stringify(cmd)} });
text(r.output);
while (r.exit_code === undefined && r.session_id !== undefined) {
  r = await tools.write_stdin({ session_id: r.session_id, chars: "" });
  text(r.output);
}
text("Process exited with code " + r.exit_code);`);
}

function tried(script: string): string {
  return `// @exec: {"yield_time_ms": 600000}\ntry {\n${script}\n} catch (error) {\ntext("exec_command failed: " + error);\n}`;
}

function inScript(lines: readonly string[]): string {
  return JSON.stringify(lines.join("\n"));
}

const STATUS = { pending: "pending", running: "in_progress", done: "completed" } as const;

function patched(lines: readonly string[]): readonly string[] {
  return ["*** Begin Patch", ...lines, "*** End Patch"];
}

/** A patch replaces whole lines. A model has read them before; here the file is looked at. */
function wholeLines(
  step: Extract<ToolStep, { kind: "edit" }>,
  directory: string | null,
): { readonly before: string; readonly after: string } {
  const given = { before: step.old, after: step.new };
  try {
    const path = isAbsolute(step.path) || directory === null ? step.path : join(directory, step.path);
    const text = readFileSync(path, "utf8");
    const at = text.indexOf(step.old);
    if (at < 0) return given;
    const from = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
    const end = text.indexOf("\n", at + step.old.length - 1);
    const to = end < 0 ? text.length : end;
    const before = text.slice(from, Math.max(to, at + step.old.length));
    return { before, after: text.slice(from, at) + step.new + before.slice(at - from + step.old.length) };
  } catch {
    return given;
  }
}

/** A path as a shell reads it as one word that is no option; quoted where it has to be. */
function wordOf(path: string): string {
  const safe = path.startsWith("-") ? `./${path}` : path;
  return /^[\w./-]+$/.test(safe) ? safe : quoted(safe);
}

function prefixed(sign: string, text: string): readonly string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => sign + line);
}
