import { once } from "node:events";
import type { Server } from "node:http";

/** A server on this machine that is heard by nobody else. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Has a server listen at a free port of this machine; closing it ends the connections that are open. */
export async function listening(server: Server): Promise<Site> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The site has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
