import { describe, expect, it } from "vitest";
import { asyncApiDocument } from "../../scripts/documents/asyncapi.js";
import {
  COMMAND_METHODS,
  EVENT_TYPES,
  PROTOCOL_VERSION,
  WORK_METHODS,
  closeCodes,
} from "../../src/contract/index.js";
import { refsOf, resolve, validatorOf } from "./document-tools.js";

const asyncapi = asyncApiDocument();
const document = JSON.parse(JSON.stringify(asyncapi));

const messagesSent = (operation: string): string[] =>
  document.operations[operation].messages.map(({ $ref }: { $ref: string }) => $ref.split("/").at(-1));

describe("the AsyncAPI document", () => {
  it("says that it is AsyncAPI 3 and which protocol it describes", () => {
    expect(document.asyncapi).toMatch(/^3\.\d+\.\d+$/);
    expect(document["x-protocol-version"]).toBe(PROTOCOL_VERSION);
  });

  it("is the same each time it is written", () => {
    expect(JSON.stringify(asyncApiDocument())).toBe(JSON.stringify(asyncapi));
  });

  it("has no reference that leads nowhere", () => {
    expect(refsOf(asyncapi).filter((ref) => resolve(asyncapi, ref) === undefined)).toEqual([]);
  });

  it("has no schema that nothing refers to", () => {
    const used = new Set(refsOf(asyncapi));
    const names = Object.keys(document.components.schemas);
    expect(names.filter((name) => !used.has(`#/components/schemas/${name}`))).toEqual([]);
  });

  it("lets the server send every event of the contract", () => {
    expect(messagesSent("sendEvents")).toEqual([...EVENT_TYPES]);
  });

  it("lets the client send its frames and the server its own", () => {
    expect(messagesSent("receiveFrames")).toEqual(["hello", "pong", "positions", "command", "viewer"]);
    expect(messagesSent("sendFrames")).toEqual(["welcome", "ping", "ack", "notice", "latest"]);
  });

  it("has every message in the one channel at /ws", () => {
    const all = ["receiveFrames", "sendFrames", "sendEvents"].flatMap(messagesSent);
    expect(document.channels.events.address).toBe("/ws");
    expect(Object.keys(document.channels.events.messages).sort()).toEqual(all.sort());
  });

  it.each([...EVENT_TYPES])("holds %s to its own name and data", (type) => {
    const [frame, own] = document.components.messages[type].payload.allOf;
    expect(frame.$ref).toBe("#/components/schemas/EventFrame");
    expect(own.properties.type.const).toBe(type);
    expect(resolve(asyncapi, own.properties.data.$ref)).toBeDefined();
  });

  it.each(Object.entries(closeCodes))("tells why %s closes and what the client does", (code, meaning) => {
    expect(document["x-close-codes"][code]).toEqual(meaning);
  });

  it("names every command", () => {
    expect(document.components.schemas.CommandFrame.properties.method.enum).toEqual([
      ...COMMAND_METHODS,
      ...WORK_METHODS,
    ]);
  });
});

describe("the schema of the first frame", () => {
  const accepts = validatorOf(asyncapi, "HelloFrame");

  it("takes a session token or an API key", () => {
    expect(accepts({ type: "hello", protocol: 1, session_token: "t" })).toBe(true);
    expect(accepts({ type: "hello", protocol: 1, api_key: "k", subscribe: { types: ["task.*", "*"] } })).toBe(
      true,
    );
  });

  it.each([
    [{ type: "hello", protocol: 1 }],
    [{ type: "hello", protocol: 1, api_key: "k", session_token: "t" }],
    [{ type: "hello", protocol: 1, api_key: "" }],
    [{ type: "hello", protocol: 1, api_key: "k", resume: { epoch: "e", seq: -1 } }],
    [{ type: "hello", protocol: 1, api_key: "k", subscribe: { types: ["task.**"] } }],
    [{ type: "hi", protocol: 1, api_key: "k" }],
  ])("refuses %j", (frame) => {
    expect(accepts(frame)).toBe(false);
  });
});
