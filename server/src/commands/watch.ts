import { resolve } from "node:path";
import type { Command } from "commander";
import { AgentError, EXIT } from "../agent-error.js";
import { HooksFiles, settingsPath } from "../watch/claude/hooks-file.js";
import type { OpencodeServer } from "../watch/opencode-link.js";
import { startWatch } from "../watch/start-watch.js";
import type { RunningWatch, WatchAccess } from "../watch/start-watch.js";
import { makeWatchFolder, watchFolder } from "../watch/watch-folder.js";
import { accessOf } from "./access.js";
import { aborted } from "./aborted.js";
import type { AddCommand, CommandContext } from "./context.js";

/** What is watched, as `agentvm watch` and `agentvm serve --watch` are told it. */
export interface WatchOptions {
  readonly game?: string;
  readonly hooks: boolean;
  readonly yes?: boolean;
  readonly opencode?: string;
}

interface WatchCommandOptions extends WatchOptions {
  readonly endpoint?: string;
  readonly key?: string;
  readonly name?: string;
  readonly remove?: boolean;
  readonly json?: boolean;
}

/** Adds the options that say what is watched. */
export function addWatchOptions(command: Command): void {
  command
    .option("--game <id>", "the game in which sessions are seen (default: the newest that is connected)")
    .option(
      "--opencode <url>",
      "a running opencode serve whose sessions are shown too; its password in OPENCODE_SERVER_PASSWORD",
    )
    .option("--yes", "put Claude Code's hooks into the project's own settings without asking")
    .option(
      "--no-hooks",
      "put none in: sessions are seen by their transcripts, and no permission that waits",
    );
}

/** `agentvm watch`: shows a person's own sessions in a terminal as characters, until it is stopped. */
export const addWatch: AddCommand = (program, run) => {
  const command = program
    .command("watch")
    .description("Show your own sessions of claude in a terminal as characters of a game.")
    .argument("[folder]", "the project whose sessions are shown", ".")
    .option("--endpoint <url>", "the server (API_ENDPOINT, else http://localhost:8000)")
    .option(
      "--key <key>",
      "a key with the role worker; better in AGENTVM_API_KEY, where no list of processes shows it",
    )
    .option("--name <text>", "what people are told that the watcher is called");
  addWatchOptions(command);
  command
    .option("--remove", "take the hooks out of the project's settings again, and watch nothing")
    .option("--json", "print what happens as JSON, one object a line")
    .action((folder: string) =>
      run((context) => {
        const options = command.opts<WatchCommandOptions>();
        return options.remove === true ? remove(folder, options, context) : watch(folder, options, context);
      }),
    );
};

/** Puts the hooks in where they are wanted, and begins to watch. */
export async function beginWatch(
  folder: string,
  options: WatchOptions,
  access: WatchAccess,
  context: CommandContext,
): Promise<RunningWatch> {
  const { terminal, env, cwd } = context;
  const warn = (text: string): void => terminal.problem(`agentvm: ${text}`);
  if (options.hooks) await putHooks(resolve(cwd, folder), options, context, warn);
  const opencode = options.opencode === undefined ? null : opencodeAt(options.opencode, env);
  return startWatch({ folder, game: options.game ?? null, opencode }, access, { env, cwd, warn });
}

function opencodeAt(text: string, env: CommandContext["env"]): OpencodeServer {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new AgentError("The value of --opencode is not the URL of a server.", {
      code: "usage",
      remediation: "Give the URL that opencode serve has told, such as --opencode http://127.0.0.1:4096.",
      exitCode: EXIT.usage,
    });
  const password = env["OPENCODE_SERVER_PASSWORD"] ?? "";
  const username = env["OPENCODE_SERVER_USERNAME"] ?? "opencode";
  return { url: new URL(text).origin, username, password: password === "" ? null : password };
}

async function putHooks(
  folder: string,
  { yes }: WatchOptions,
  context: CommandContext,
  warn: (text: string) => void,
): Promise<void> {
  const place = watchFolder(context.env);
  const files = new HooksFiles(place.installed);
  if (!(await files.has(folder, place.command))) {
    const what = `Claude Code's hooks are put into ${settingsPath(folder)}, and taken out again by agentvm watch --remove.`;
    if (yes !== true && !(await saysYes(what, context)))
      throw new AgentError(`${what} That was not agreed to.`, {
        code: "not_agreed",
        remediation: "Say yes, or --yes where there is no terminal, or watch without them: --no-hooks.",
        exitCode: EXIT.usage,
      });
  }
  makeWatchFolder(place);
  const { note } = await files.put(folder, place.command);
  if (note !== null) warn(note);
}

/** Asks whoever sits at the terminal; where nobody does, the answer is no. */
async function saysYes(what: string, { terminal, ask, signal }: CommandContext): Promise<boolean> {
  if (ask === undefined) return false;
  terminal.line(what);
  return /^y(es)?$/i.test((await ask("Put them in? (y/N) ", signal)).trim());
}

async function remove(
  folder: string,
  { json }: WatchCommandOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal, env, cwd } = context;
  const { path, what } = await new HooksFiles(watchFolder(env).installed).take(resolve(cwd, folder));
  if (json === true) terminal.json({ type: "hooks_removed", path, what });
  else
    terminal.line(
      {
        taken: `The hooks are taken out of ${path}.`,
        gone: `${path} is gone, and the hooks with it.`,
        kept: `There are no hooks of ours in ${path}.`,
        put: "",
      }[what],
    );
  return 0;
}

async function watch(folder: string, options: WatchCommandOptions, context: CommandContext): Promise<number> {
  const { terminal, env, signal } = context;
  const access = accessOf(options, env);
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(new URL(access.endpoint).hostname);
  if (!isHere && options.game === undefined)
    throw new AgentError("It is not said in which game your sessions are to be seen.", {
      code: "usage",
      remediation: "On a server elsewhere others play too: name your game with --game ID.",
      exitCode: EXIT.usage,
    });
  const watching = await beginWatch(folder, options, access, context);
  try {
    if (options.json === true)
      terminal.json({ type: "watching", endpoint: access.endpoint, folder: watching.folder });
    else {
      const { bold, cyan, dim } = terminal.colors;
      terminal.line(
        `${bold("AgentVM")} shows the sessions of ${watching.folder} at ${cyan(access.endpoint)}`,
      );
      terminal.line(dim("Stop it with ctrl-c."));
    }
    await Promise.race([aborted(signal), watching.ended]);
  } finally {
    await watching.stop();
  }
  if (options.json === true) terminal.json({ type: "stopped" });
  else terminal.line("Stopped.");
  return 0;
}
