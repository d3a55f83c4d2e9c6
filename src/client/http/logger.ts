import { redact } from "./redact.js";

/**
 * Where the SDK tells what it does; `console` fits. Nothing is told when there is none.
 * What it tells holds no key, token, header or body.
 */
export interface Logger {
  /** Told once for each answer. */
  debug?(message: string): void;
  /** Told when a call is tried again, and when a session could not be kept. */
  warn?(message: string): void;
}

export type Log = (level: "debug" | "warn", message: string) => void;

/** Tells a logger with every secret taken out; a logger that throws stops nothing. */
export function safeLog(logger: Logger | undefined, secrets: () => Iterable<string>): Log | undefined {
  return (
    logger &&
    ((level, message) => {
      try {
        logger[level]?.(redact(message, secrets()));
      } catch {
        // A logger's own failure is not the caller's.
      }
    })
  );
}
