import type { Backend } from "../assemble.js";
import type { Testing, TestingParts } from "./create-testing.js";

/** Gives a backend what tests do with it. */
export function withTesting<B extends Pick<Backend, "clock" | "seed" | "close">>(
  backend: B,
  parts: TestingParts,
): B & Testing {
  parts.join(backend);
  const end = backend.close.bind(backend);
  return Object.assign(backend, parts.testing, {
    close(): void {
      parts.close();
      end();
    },
  });
}
