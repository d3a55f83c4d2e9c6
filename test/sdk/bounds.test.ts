import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { ContractError } from "../../src/index.js";
import { faultServer } from "./fault-server.js";
import { flood, floodCompressed } from "./floods.js";
import { failure, json, scriptedFetch } from "./scripted-fetch.js";
import { streaming } from "./output-script.js";
import { rejectionOf } from "./time.js";
import { transports } from "./transports.js";

const MIB = 1_048_576;
const BOUND = 4 * MIB;
/** What lies in the buffers between two programs, and counts as sent although nobody has read it. */
const IN_BETWEEN = 32 * MIB;

const head = (status: string, headers = "") =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}connection: close\r\n\r\n`;
const blanks = Buffer.alloc(65_536, " ");
const spaces = `"${" ".repeat(65_534)}`;

/** Waits until the other side has hung up everywhere; how it does so is its own affair. */
async function allClosed(sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) {
    if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  }
}

describe.each(transports)("an AgentVM %s, flooded by its server", (_name, make) => {
  it.each([
    ["with an answer that ends never", "200 OK", ""],
    ["with an answer of a gigabyte", "200 OK", `content-length: ${1_024 * MIB}\r\n`],
    ["with a refusal that ends never", "500 Internal Server Error", ""],
  ])("%s, reads so much of it and says so", async (_what, status, headers) => {
    const sockets: Socket[] = [];
    await using server = await faultServer((socket) => {
      sockets.push(socket);
      socket.write(head(status, headers));
      flood(socket, spaces);
    });
    const agentvm = make({ endpoint: server.url, apiKey: "secret-key", maxAnswerBytes: BOUND });
    const error = await rejectionOf(agentvm.agents.get("agent_1"));
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code: "answer_too_large", retryable: false });
    expect((error as ContractError).message).toMatch(/has more than 4194304 bytes/);
    expect((error as ContractError).remediation).toMatch(/maxAnswerBytes/);
    await allClosed(sockets);
    expect(server.requests()).toBe(1);
    for (const { bytesWritten } of sockets) expect(bytesWritten).toBeLessThan(BOUND + IN_BETWEEN);
  });

  it("with few bytes that are many when they are unpacked, counts those", async () => {
    const sockets: Socket[] = [];
    const put: (() => number)[] = [];
    await using server = await faultServer((socket) => {
      sockets.push(socket);
      socket.write(head("200 OK", "content-encoding: gzip\r\n"));
      put.push(floodCompressed(socket, blanks));
    });
    const agentvm = make({ endpoint: server.url, maxAnswerBytes: BOUND });
    expect(await rejectionOf(agentvm.agents.list())).toMatchObject({ code: "answer_too_large" });
    await allClosed(sockets);
    expect(put).toHaveLength(1);
    // A thousand bytes become one: what lies in between would be as many times as much.
    for (const count of put) expect(count()).toBeLessThan(1_024 * IN_BETWEEN);
  });

  it.each([
    ["with a line that ends never", spaces, /a line of the answer has more than 1048576 characters/],
    ["with blank lines without end", "\n".repeat(65_536), /more than 1048576 blank lines/],
    [
      "with lines of spaces without end",
      `${" ".repeat(1_000)}\n`.repeat(64),
      /more than 1048576 blank lines/,
    ],
  ])("%s, ends the output and says so", async (_what, piece, said) => {
    const sockets: Socket[] = [];
    await using server = await faultServer((socket) => {
      sockets.push(socket);
      socket.write(head("200 OK"));
      flood(socket, piece);
    });
    const error = await rejectionOf(make({ endpoint: server.url }).tasks.output("task_1").next());
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code: "answer_too_large" });
    expect((error as ContractError).message).toMatch(said);
    await allClosed(sockets);
    for (const { bytesWritten } of sockets) expect(bytesWritten).toBeLessThan(MIB + IN_BETWEEN);
  });

  it("takes an answer of just as many bytes as may be, and none of one more", async () => {
    const text = JSON.stringify([{ ü: "ü" }]);
    const bytes = new TextEncoder().encode(text).length;
    const call = (maxAnswerBytes: number) => {
      const { fetch } = scriptedFetch(() => new Response(text));
      return rejectionOf(make({ fetch, maxAnswerBytes }).agents.list());
    };
    expect(await call(bytes)).toMatchObject({ code: "contract_mismatch" });
    expect(await call(bytes - 1)).toMatchObject({ code: "answer_too_large" });
  });

  it("takes output that is longer than an answer may be, as long as its lines are short", async () => {
    const line = (offset: number) =>
      `${JSON.stringify({ offset, stream: "stdout", text: "x".repeat(100) })}\n`;
    const lines = Array.from({ length: 100 }, (_, index) => line(100 * index)).join("");
    const { fetch } = scriptedFetch(streaming(`${lines}{"done":true,"status":"completed"}\n`));
    let count = 0;
    for await (const _piece of make({ fetch, maxAnswerBytes: 1_000 }).tasks.output("task_1")) count += 1;
    expect(count).toBe(100);
  });

  it("keeps a refusal's text to what an error can hold", async () => {
    const { fetch } = scriptedFetch(json({ error: "x".repeat(MIB), code: "no", remediation: "y" }, 400));
    const error = await rejectionOf(make({ fetch }).agents.get("agent_1"));
    expect((error as ContractError).message.length).toBeLessThan(5_000);
  });

  it("refuses a bound that is none", () => {
    expect(() => make({ maxAnswerBytes: 0 })).toThrow(/maxAnswerBytes must be a number of bytes above 0/);
    expect(() =>
      make({ maxAnswerBytes: Infinity, fetch: scriptedFetch(failure("x", 500)).fetch }),
    ).not.toThrow();
  });
});
