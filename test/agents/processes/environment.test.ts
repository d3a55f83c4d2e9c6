import { describe, expect, it } from "vitest";
import { allowedEnvironment } from "../../../server/src/processes/environment.js";

const person = {
  PATH: "/bin",
  LC_ALL: "C",
  https_proxy: "http://proxy",
  AGENTVM_API_KEY: "ours",
  ANTHROPIC_API_KEY: "theirs",
  BANK_PASSWORD: "secret",
  NODE_OPTIONS: "--inspect",
  UNSET: undefined,
};

describe("the variables that an agent gets", () => {
  it("are those that every program needs, and no more", () => {
    expect(allowedEnvironment(person)).toEqual({ PATH: "/bin", LC_ALL: "C", https_proxy: "http://proxy" });
  });

  it("are also those that its adapter or the profile names", () => {
    expect(allowedEnvironment(person, ["ANTHROPIC_*"])).toHaveProperty("ANTHROPIC_API_KEY", "theirs");
  });

  it("are never the server's own, whatever a profile names", () => {
    expect(allowedEnvironment(person, ["AGENTVM_API_KEY", "*"])).not.toHaveProperty("AGENTVM_API_KEY");
  });
});
