import { splitTarget } from "../../calls/target.js";
import type { Answer } from "../../calls/answer.js";
import type { HttpCall, HttpHandler } from "../../http/types.js";
import { consoleApi } from "./console-api.js";
import type { ControlledServer } from "./console-api.js";

/** Where the console is. */
export const CONSOLE_PATH = "/console";

/** The console as it was built: the text of each file by its name. */
export type ConsoleFiles = ReadonlyMap<string, string>;

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/**
 * Serves the console before a server's own calls: its page at `/console/`, and below `/console/api`, to who shows an API key,
 * what the page does to the backend.
 */
export function consoleFront(
  handler: HttpHandler,
  backend: ControlledServer,
  files: ConsoleFiles,
): HttpHandler {
  const api = consoleApi(backend);
  return (call) => {
    const { path } = splitTarget(call.target);
    if (path !== CONSOLE_PATH && !path.startsWith(`${CONSOLE_PATH}/`)) return handler(call);
    const name = path.slice(CONSOLE_PATH.length + 1);
    if (name.startsWith("api/")) return api(call, name.slice("api/".length));
    return fileAnswer(call, path, name, files);
  };
}

function fileAnswer(call: HttpCall, path: string, name: string, files: ConsoleFiles): Answer {
  if (call.method !== "GET" && call.method !== "HEAD")
    return plain(405, "Method not allowed", { allow: "GET, HEAD" });
  // The page's files are beside it, so its address has to end in a slash; a relative one is right behind any proxy.
  if (path === CONSOLE_PATH) return plain(308, "Moved", { location: "console/" });
  const text = files.get(name === "" ? "index.html" : name);
  if (text === undefined) return plain(404, "There is no such file in the console.", {});
  const type = TYPES[name === "" ? "html" : (name.split(".").pop() ?? "")] ?? "text/plain; charset=utf-8";
  const headers = { ...shared(call.origin), "content-type": type };
  if (call.method === "GET") return { status: 200, headers, body: text };
  return {
    status: 200,
    headers: { ...headers, "content-length": String(new TextEncoder().encode(text).byteLength) },
    body: null,
  };
}

function plain(status: number, body: string, headers: Readonly<Record<string, string>>): Answer {
  return {
    status,
    headers: { ...shared(""), "content-type": "text/plain; charset=utf-8", ...headers },
    body,
  };
}

/** The page loads its own files alone, talks to its own server alone, and stands in no other's frame. */
function shared(origin: string): Record<string, string> {
  const socket = origin.replace(/^http/, "ws");
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "worker-src 'self'",
    // Older browsers do not count the server's own sockets as its own.
    `connect-src 'self' ${socket} ${socket.replace(/^ws:/, "wss:")}`.trimEnd(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "cache-control": "no-cache",
    "content-security-policy": policy.join("; "),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
