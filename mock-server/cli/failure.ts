import {
  AgentVMError,
  AuthenticationError,
  CancelledError,
  ConfigError,
  ContractError,
  NetworkError,
  PermissionError,
  TimeoutError,
} from "../../src/index.js";
import { ListenError } from "../node.js";
import { AddonError } from "./godot/addon-error.js";
import type { ExitCode } from "./exit-codes.js";
import { EXIT } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** A failure as the command tells it. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly remediation: string;
  readonly requestId: string | null;
}

/** Says what a thrown thing means to whoever typed the command. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError)
    return {
      exitCode: EXIT.usage,
      code: "usage",
      message: error.message,
      remediation: error.remediation,
      requestId: null,
    };
  if (error instanceof AgentVMError)
    return {
      exitCode: exitCodeOf(error),
      code: error.code,
      message: error.message,
      remediation: error.remediation,
      requestId: error.requestId,
    };
  if (isTold(error)) {
    const { exitCode, code, message, remediation } = error;
    return { exitCode, code, message, remediation, requestId: null };
  }
  return systemFailure(error);
}

/** An error of the package with the real agents, which knows how it is to be told. */
interface Told extends Error {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly remediation: string;
}

const exitCodes: ReadonlySet<unknown> = new Set(Object.values(EXIT));

function isTold(error: unknown): error is Told {
  return (
    error instanceof Error &&
    "exitCode" in error &&
    exitCodes.has(error.exitCode) &&
    "code" in error &&
    typeof error.code === "string" &&
    "remediation" in error &&
    typeof error.remediation === "string"
  );
}

function exitCodeOf(error: AgentVMError): ExitCode {
  if (error instanceof ConfigError) return EXIT.config;
  if (error instanceof CancelledError) return EXIT.interrupted;
  if (error instanceof AuthenticationError || error instanceof PermissionError) return EXIT.refused;
  if (error instanceof NetworkError || error instanceof TimeoutError || error instanceof ContractError)
    return EXIT.unreachable;
  return EXIT.failed;
}

function systemFailure(error: unknown): Failure {
  if (error instanceof AddonError)
    return {
      exitCode: EXIT.failed,
      code: error.code,
      message: error.message,
      remediation: error.remediation,
      requestId: null,
    };
  if (error instanceof ListenError)
    return {
      exitCode: EXIT.address,
      code: error.code,
      // The remedy is told on its own; the error's message ends with it.
      message: error.message.replace(error.remediation, "").trim(),
      remediation: `${error.remediation} The options are --port and --host.`,
      requestId: null,
    };
  return {
    exitCode: EXIT.failed,
    code: "internal",
    message: error instanceof Error ? error.message : String(error),
    remediation: "Run it again with DEBUG=true to see where it happened, and report it.",
    requestId: null,
  };
}

/** Tells a failure: as a JSON line on standard output for scripts, else in words on standard error. */
export function tellFailure(
  error: unknown,
  terminal: Terminal,
  { json, debug }: { readonly json: boolean; readonly debug: boolean },
): ExitCode {
  const failure = failureOf(error);
  if (json) {
    const { code, message, remediation, requestId, exitCode } = failure;
    terminal.json({
      type: "error",
      success: false,
      code,
      error: message,
      remediation,
      request_id: requestId,
      exit_code: exitCode,
    });
  } else {
    terminal.problem(`agentvm: ${failure.message}`);
    terminal.problem(`What to do: ${failure.remediation}`);
    if (failure.requestId !== null) terminal.problem(`Request id: ${failure.requestId}`);
  }
  if (debug && error instanceof Error && error.stack !== undefined) terminal.problem(error.stack);
  return failure.exitCode;
}
