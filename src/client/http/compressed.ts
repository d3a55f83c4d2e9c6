import { gzip } from "./gzip.js";
import type { Transport, TransportRequest } from "./transport.js";

/**
 * Sends bodies compressed with gzip. A server that does not take one gets it plain, then and from then on: one that says so (415), and
 * one that a page cannot even ask, since its CORS rules do not allow the header.
 */
export function compressed(transport: Transport): Transport {
  let isTaken: boolean | null = null;

  const sendCompressed = async (request: TransportRequest, text: string) => {
    const headers = { ...request.headers, "content-encoding": "gzip" };
    return transport.send({ ...request, headers, body: await gzip(text) });
  };

  return {
    async send(request) {
      const { body, signal } = request;
      if (isTaken === false || typeof body !== "string") return transport.send(request);
      try {
        const response = await sendCompressed(request, body);
        if (response.status !== 415) {
          isTaken = true;
          return response;
        }
      } catch (error) {
        // Where it went well before it is not the compression that failed now.
        if (isTaken === true || signal.aborted) throw error;
      }
      const response = await transport.send(request);
      isTaken = false;
      return response;
    },
  };
}
