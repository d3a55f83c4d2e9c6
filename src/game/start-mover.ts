import { errorFromAnswer } from "../errors/from-answer.js";
import { Mover } from "./mover.js";
import type { MovesParts } from "./moves-parts.js";
import type { MoveNow } from "./position-update.js";

/** Makes a mover over a client's stream and calls, until the client is closed. */
export function startMover({ stream, moveMany, lifetime, ...parts }: MovesParts, moveNow: MoveNow): Mover {
  const mover = new Mover({
    ...parts,
    moveNow,
    send: (updates) => stream.sendPositions({ client_id: parts.numbers.clientId, updates }),
    isLive: () => stream.canSend,
    look: (viewer) => stream.setViewer(viewer),
    async put(updates) {
      const { failed } = await moveMany(updates);
      return failed.map(({ agent_id, code, error }) => {
        if (code === "agent_not_found") mover.forget(agent_id);
        return errorFromAnswer({
          where: "agents.move",
          status: code.endsWith("_not_found") ? 404 : 400,
          text: JSON.stringify({ code, error }),
          header: () => null,
          now: parts.clock.now(),
          doubt: false,
        });
      });
    },
  });
  const undo = [
    stream.on("agent.removed", ({ data }) => mover.forget(data.agent_id)),
    stream.on("connection", ({ previous }) => {
      if (previous.status === "live") mover.doubt();
    }),
  ];
  lifetime.add(() => {
    for (const end of undo) end();
    mover.close();
  });
  return mover;
}
