import type { Logger } from "../client/http/logger.js";
import type { LogLevel } from "./logging.js";

/** A logger that keeps to a level and writes to standard error, so that what a program prints stays its own. */
export function loggerFor(level: LogLevel): Logger {
  const write = (word: string) => (message: string) =>
    void process.stderr.write(`agentvm ${word}: ${message}\n`);
  switch (level) {
    case "debug":
      return { debug: write("debug"), warn: write("warning") };
    case "info":
    case "warn":
      return { warn: write("warning") };
    case "error":
    case "silent":
      return {};
  }
}
