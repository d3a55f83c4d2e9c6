import type { CommandContext } from "./context.js";
import type { ExitCode } from "./exit-codes.js";

/** Lets a command do its work; the program gives it its context, keeps its exit code and tells its failures. */
export type RunCommand = (work: (context: CommandContext) => Promise<ExitCode>) => Promise<void>;
