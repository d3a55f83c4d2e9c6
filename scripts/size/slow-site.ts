import { existsSync, readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { extname, join } from "node:path";
import { listening } from "../lib/site.js";
import type { Site } from "../lib/site.js";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Serves a folder, and all that is not in it from the AgentVM server at a port of this machine, `delayMs` after it is asked for. */
export async function serveSlowly(folder: string, port: number, delayMs: number): Promise<Site> {
  const later = (work: () => void): void => void setTimeout(work, delayMs);
  // To the server the page is none: whose page may read it is not what is measured.
  const headersOf = ({ headers: { origin: _origin, ...headers } }: IncomingMessage) => ({
    ...headers,
    host: `127.0.0.1:${port}`,
  });

  const site = createServer((request, response) => {
    const name = new URL(request.url ?? "/", "http://site").pathname.slice(1) || "index.html";
    const file = join(folder, name);
    later(() => {
      if (!name.includes("..") && existsSync(file)) {
        response.writeHead(200, { "content-type": types[extname(name)] ?? "text/plain" });
        response.end(readFileSync(file));
        return;
      }
      const { url: path = "/", method = "GET" } = request;
      const onward = ask({ port, path, method, headers: headersOf(request) }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    });
  });
  site.on("upgrade", (request, socket, head) => {
    later(() => {
      const onward = connect(port, "127.0.0.1", () => {
        const lines = Object.entries(headersOf(request)).map(([name, value]) => `${name}: ${String(value)}`);
        onward.write([`GET ${request.url ?? "/"} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
  });

  return listening(site);
}
