import { once } from "node:events";
import { createServer } from "node:net";
import { ListenError, startMockServer } from "../../../../mock-server/node.js";

// A start that fails must leave nothing behind that would keep the process alive.

const other = createServer().listen(0, "127.0.0.1");
await once(other, "listening");
const address = other.address();
if (typeof address === "object" && address !== null) {
  try {
    await startMockServer({ port: address.port });
  } catch (error) {
    if (error instanceof ListenError) process.stdout.write(`${error.code}\n`);
  }
}
other.close();
