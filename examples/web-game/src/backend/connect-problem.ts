import {
  AuthenticationError,
  NetworkError,
  NotFoundError,
  PermissionError,
  TimeoutError,
  isAgentVMError,
} from "oligarchy-agentvm/slim";

/** Why a server could not be played on, and what the player can do. */
export function connectProblem(error: unknown, endpoint: string): string {
  if (error instanceof AuthenticationError || error instanceof PermissionError) {
    return `${endpoint} does not take this key. Look at what the server was started with.`;
  }
  if (error instanceof NotFoundError)
    return `There is a server at ${endpoint}, but no AgentVM. ${pathHint(endpoint)}`;
  if (error instanceof NetworkError || error instanceof TimeoutError) {
    return `Nothing answers at ${endpoint}. Is the address right, does the server run (npx agentvm serve), and does it let pages of this origin call it?`;
  }
  if (isAgentVMError(error)) return `${error.message} ${error.remediation}`;
  return `The server could not be used: ${error instanceof Error ? error.message : "for no known reason"}`;
}

function pathHint(endpoint: string): string {
  const { origin } = new URL(endpoint);
  return endpoint === origin ? "Is it another program's port?" : `Try ${origin} without the path.`;
}
