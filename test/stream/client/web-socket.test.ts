import { afterEach, describe, expect, it, vi } from "vitest";
import { isConfigError } from "../../../src/errors/index.js";
import { loadWebSocket as loadInPage } from "../../../src/client/stream/web-socket-global.js";
import { loadWebSocket as loadInNode } from "../../../src/client/stream/web-socket-node.js";
import { FakeSocket } from "./support/fake-server.js";

afterEach(() => vi.unstubAllGlobals());

describe("The WebSocket that is used when none is handed in", () => {
  it.each([
    ["in a page", loadInPage],
    ["in Node", loadInNode],
  ])("%s is the runtime's own, where it has one", async (_, load) => {
    vi.stubGlobal("WebSocket", FakeSocket);
    expect(await load()).toBe(FakeSocket);
  });

  it("in Node is that of ws, where there is no other", async () => {
    vi.stubGlobal("WebSocket", undefined);
    const WebSocket = await loadInNode();
    const socket = new WebSocket("ws://127.0.0.1:1/ws");
    const closed = await new Promise((resolve) => {
      socket.onerror = () => undefined;
      socket.onclose = ({ code }: { readonly code: number }) => resolve(code);
    });
    expect(closed).toBe(1006);
    expect(socket.terminate).toBeTypeOf("function");
  });

  it("in a page without any is an error that says what to do", async () => {
    vi.stubGlobal("WebSocket", undefined);
    await expect(loadInPage()).rejects.toSatisfy(isConfigError);
  });

  it("is chosen by package.json's imports", async () => {
    const chosen = await import("#websocket");
    expect(chosen.loadWebSocket).toBe(loadInNode);
  });
});
