import { errorFromAnswer } from "../errors/from-answer.js";
import { stopError } from "../lifetime.js";
import { Mover } from "./mover.js";
import type { Refusal } from "./mover-parts.js";
import type { MovesParts } from "./moves-parts.js";
import { failedMove } from "./owed.js";

/** Makes a mover over a client's stream and calls, until the client is closed. */
export function startMover({ stream, moveMany, lifetime, ...parts }: MovesParts): Mover {
  const { numbers, clock } = parts;
  const errorOf = ({ code, error }: Refusal) =>
    errorFromAnswer({
      where: "agents.move",
      status: code.endsWith("_not_found") ? 404 : code === "outdated" ? 409 : 400,
      text: JSON.stringify({ code, error }),
      header: () => null,
      now: clock.now(),
      doubt: false,
    });
  const mover = new Mover({
    ...parts,
    send: (updates, settled) => stream.sendPositions({ client_id: numbers.clientId, updates }, settled),
    isLive: () => stream.canSend,
    look: (viewer) => stream.setViewer(viewer),
    put: moveMany,
    errorOf,
    stopped: (outcome) => stopError(lifetime, "agents.move", outcome),
  });
  const undo = stream.on("agent.removed", ({ data: { agent_id } }) => {
    const error = "The agent was removed.";
    mover.forget(agent_id, () => failedMove(errorOf({ agent_id, code: "agent_not_found", error })));
  });
  lifetime.add(() => {
    undo();
    mover.close();
  });
  return mover;
}
