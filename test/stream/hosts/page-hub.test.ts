import { describe, expect, it } from "vitest";
import { assembleBackend } from "../../../mock-server/assemble.js";
import { coreParts } from "../../../mock-server/host-parts.js";
import { createMockBackend } from "../../../mock-server/index.js";
import { lazyParts } from "../../../mock-server/lazy/load.js";
import { noDocuments } from "../../../mock-server/no-documents.js";
import { AgentVM } from "../../../src/slim.js";
import { DIRECT } from "../../../src/contract/index.js";
import { createDirectTransport } from "../../../mock-server/hosts/in-page/direct.js";
import { PageHub } from "../../../mock-server/hosts/in-page/page-hub.js";
import { createWebSocketClass } from "../../../mock-server/hosts/in-page/web-socket.js";
import { ADDRESS, ENDPOINT, HELLO, Recorder } from "./in-page-rig.js";

type LiveSide = typeof import("../../../mock-server/lazy/live.js");

/** A page whose event stream's code comes as the test says. */
function createSlowPage(load: () => Promise<LiveSide>) {
  const errors: unknown[] = [];
  const backend = assembleBackend(
    { seed: 1, clock: "manual", onError: (error) => errors.push(error) },
    {
      ...coreParts,
      createHub: (parts) => new PageHub(parts, load),
      seldom: lazyParts.seldom,
      work: lazyParts.work,
      documents: noDocuments,
    },
  );
  const Socket = createWebSocketClass({ wire: () => backend.hub.wire(), endpoint: ENDPOINT });
  return { backend, errors, Socket };
}

const whole = () => import("../../../mock-server/lazy/live.js");

describe("The event stream's code in a page", () => {
  it("is loaded once, when the first socket is made", async () => {
    let loads = 0;
    const { backend, Socket } = createSlowPage(() => {
      loads += 1;
      return whole();
    });
    const transport = createDirectTransport({
      desk: backend.desk,
      origin: ENDPOINT,
      closed: () => false,
      load: lazyParts.seldom,
    });
    const agentvm = new AgentVM({ endpoint: ENDPOINT, fetch: Object.assign(fetch, { [DIRECT]: transport }) });
    await agentvm.system.health();
    await agentvm.close();
    expect(loads).toBe(0);
    const sockets = [new Recorder(new Socket(ADDRESS)), new Recorder(new Socket(ADDRESS))];
    await Promise.all(sockets.map((socket) => socket.told("open")));
    expect([loads, backend.hub.connections]).toEqual([1, 2]);
    backend.close();
  });

  it("lets a socket fail as a network that is down does when it cannot be loaded, and says why", async () => {
    const { backend, errors, Socket } = createSlowPage(() => Promise.reject(new TypeError("404")));
    const socket = new Recorder(new Socket(ADDRESS));
    await socket.told("close");
    expect(socket.log).toEqual(["error", "close"]);
    expect(socket.closed?.code).toBe(1006);
    expect(String(errors[0])).toMatch(
      /^EngineError: The code of the event stream could not be loaded \(TypeError: 404\)/,
    );
    backend.close();
  });

  it("is asked for again by the next socket after it could not be loaded", async () => {
    let loads = 0;
    const { backend, Socket } = createSlowPage(() => {
      loads += 1;
      return loads === 1 ? Promise.reject(new TypeError("404")) : whole();
    });
    await new Recorder(new Socket(ADDRESS)).told("close");
    const second = new Recorder(new Socket(ADDRESS));
    await second.told("open");
    expect(second.log).toEqual(["open"]);
    backend.close();
  });

  it("opens nothing for a socket that was closed while it was loading", async () => {
    const { backend, Socket } = createSlowPage(whole);
    const socket = new Socket(ADDRESS);
    const recorder = new Recorder(socket);
    socket.close();
    await recorder.told("close");
    expect(recorder.log).toEqual(["error", "close"]);
    expect(backend.hub.connections).toBe(0);
    backend.close();
  });

  it("opens nothing in a backend that was closed while it was loading", async () => {
    const { backend, Socket } = createSlowPage(whole);
    const recorder = new Recorder(new Socket(ADDRESS));
    backend.close();
    await recorder.told("close");
    expect(recorder.log).toEqual(["error", "close"]);
    expect(backend.hub.connections).toBe(0);
  });

  it("serves the class that a mock backend gives", async () => {
    const backend = createMockBackend({ seed: 1, clock: "manual" });
    const socket = new backend.WebSocket(ADDRESS);
    const recorder = new Recorder(socket);
    await recorder.told("open");
    socket.send(HELLO);
    await recorder.told("message");
    expect(JSON.parse(recorder.messages[0] ?? "")).toMatchObject({ type: "welcome" });
    expect(backend.hub.clients).toBe(1);
    backend.close();
    await recorder.told("close");
    expect(recorder.closed?.code).toBe(1012);
  });
});
