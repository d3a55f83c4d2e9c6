import { afterEach, describe, expect, it } from "vitest";
import { createMockBackend } from "../../mock-server/index.js";
import { all, work } from "../domain/support.js";
import { fakeCall } from "./fake-call.js";

const backend = createMockBackend({ clock: "manual", seed: 7 });
afterEach(() => backend.close());

describe("a call over HTTP", () => {
  it("costs its host no signal, which only a stream needs", async () => {
    const asked: string[] = [];
    const statusOf = async (target: string): Promise<number> => {
      const call = {
        ...fakeCall({ method: "GET", target, headers: { "x-api-key": "development-key" } }),
        get signal() {
          asked.push(target);
          return undefined;
        },
      };
      return (await backend.handler(call)).status;
    };
    const task = backend.engine.tasks.assign(all, work());
    for (const target of ["/agents", `/tasks/${task.id}/status`, "/metrics", "/nowhere"])
      await statusOf(target);
    expect(asked).toEqual([]);
    expect(await statusOf(`/tasks/${task.id}/output`)).toBe(200);
    expect(asked).toEqual([`/tasks/${task.id}/output`]);
  });
});
