import type { Failure } from "./call.js";

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
  503: "overloaded_error",
  529: "overloaded_error",
};

/** The body of a refusal, as OpenAI's protocols have it. */
export function errorOfOpenAi({ status, message }: Failure): unknown {
  const type = TYPES[status] ?? "server_error";
  return { error: { message, type, code: status === 401 ? "invalid_api_key" : type, param: null } };
}

/** Characters of each piece in which the input of a tool goes out. */
const PIECE = 24;

/** The input of a tool in pieces, as models write it; none of them cuts a character in two. */
export function inPieces(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${PIECE}}`, "gu")) ?? [];
}

/** What opencode and codex tell the model of a tool that failed or was denied: these protocols have words for it alone. */
const FAILED =
  /^(Error\b|The user (has )?(rejected|dismissed)|The \w+ tool was called with invalid|Could not find|exec_command failed|apply_patch verification failed|patch rejected|failed to )|rejected by user|Process exited with code [1-9]/i;

/** Whether the result of a tool says that it failed. */
export function toolFailed(result: string): boolean {
  return FAILED.test(result.slice(0, 2_000));
}
