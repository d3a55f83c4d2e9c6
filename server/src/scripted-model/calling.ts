import { randomUUID } from "node:crypto";

/** An id that no other call has, in this run or in another one that goes on with the conversation. */
export function newCallId(): string {
  return `call_${randomUUID().replaceAll("-", "")}`;
}

/** A path as a shell reads it as one word. */
export function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
