import type { compressed } from "./compressed.js";
import type { Transport } from "./transport.js";

/** Characters above which a body is compressed unless told otherwise: below, what it saves is not worth the time of asking. */
export const COMPRESS_ABOVE = 16_384;

/** Sends long bodies compressed, where the runtime can. The code for that is loaded with the first; plain where it cannot be. */
export function compressing(
  transport: Transport,
  above: number,
  load: () => Promise<{ readonly compressed: typeof compressed }>,
): Transport {
  let forLong: Promise<Transport> | null = null;
  return {
    async send(request) {
      const { body } = request;
      if (typeof CompressionStream === "undefined" || typeof body !== "string" || body.length <= above)
        return transport.send(request);
      forLong ??= load().then(
        (code) => code.compressed(transport),
        () => transport,
      );
      return (await forLong).send(request);
    },
  };
}
