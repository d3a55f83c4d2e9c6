import { Command, CommanderError } from "commander";
import { PACKAGE_VERSION } from "../../src/contract/version.js";
import { addDemo } from "./commands/demo.js";
import { addGodot } from "./commands/godot.js";
import { addHealth } from "./commands/health.js";
import { addRecord } from "./commands/record.js";
import { addServe } from "./commands/serve.js";
import { addStatus } from "./commands/status.js";
import type { CommandContext } from "./context.js";
import type { ExitCode } from "./exit-codes.js";
import { EXIT, EXIT_HELP } from "./exit-codes.js";
import { tellFailure } from "./failure.js";
import type { RunCommand } from "./run-command.js";
import type { ServerPackage } from "./server-package.js";
import { addServerCommands, loadServerPackage, wantsServerPackage } from "./server-package.js";
import { UsageError } from "./usage-error.js";

/** Runs the command line and gives the exit code. It throws nothing: every failure is told. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  // Looked up by hand because it also decides how a wrong command line is told, when nothing is parsed yet.
  const json = args.includes("--json");
  const debug = ["1", "true", "yes", "on"].includes((context.env["DEBUG"] ?? "").toLowerCase());
  let exitCode: ExitCode = EXIT.ok;
  const run: RunCommand = async (work) => {
    exitCode = await work(context);
  };
  let server: ServerPackage | null = null;
  try {
    if (wantsServerPackage(args)) server = await loadServerPackage(context);
  } catch (error) {
    return tellFailure(error, terminal, { json, debug });
  }
  const program = new Command("agentvm")
    .description("AI coding agents for games: a backend to serve, servers to look at, and real agents.")
    .version(PACKAGE_VERSION, "-v, --version")
    .addHelpText("after", EXIT_HELP);
  // The settings are taken over by the commands that are added after them.
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.line(text.trimEnd()),
      writeErr: () => undefined,
    })
    .showHelpAfterError(false);
  addServe(program, run, server);
  addDemo(program, run, server);
  addHealth(program, run);
  addStatus(program, run);
  addRecord(program, run);
  addGodot(program, run);
  if (server === null) addServerCommands(program);
  else server.addCommands(program, run);
  if (args.length === 0) {
    terminal.line(`${program.helpInformation().trimEnd()}\n${EXIT_HELP}`);
    return EXIT.usage;
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (context.signal.aborted) return interrupted(context);
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      return tellFailure(usageErrorOf(error), terminal, { json, debug: false });
    }
    return tellFailure(error, terminal, { json, debug });
  }
}

function interrupted({ terminal, signal }: CommandContext): ExitCode {
  if (signal.reason === "broken_pipe") return EXIT.broken_pipe;
  // It was told when it happened.
  if (signal.reason === "unwritable") return EXIT.failed;
  terminal.problem("Stopped.");
  return EXIT.interrupted;
}

function usageErrorOf(error: CommanderError): UsageError {
  // A group of commands that is called without one of them.
  const text =
    error.code === "commander.help" ? "The command is not whole" : error.message.replace(/^error: /, "");
  // What follows "=" in an option that is not known may be a key under a misspelt name.
  const message = text.replace(/(--?[A-Za-z][\w-]*)=[^']*/, "$1");
  const end = /[.!?)]$/.test(message) ? "" : ".";
  return new UsageError(
    `${message.charAt(0).toUpperCase()}${message.slice(1)}${end}`,
    "Run agentvm --help, or agentvm <command> --help.",
  );
}
