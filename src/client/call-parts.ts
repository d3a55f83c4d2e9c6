import { systemClock } from "../contract/clock.js";
import { systemRandom } from "../clock.js";
import type { LazyParts } from "../lazy/parts.js";
import { Lifetime } from "../lifetime.js";
import { checkAddress } from "../options.js";
import type { AgentVMOptions } from "../options.js";
import { batchingTransport } from "./http/batching-transport.js";
import type { CallWatch } from "./http/call-watch.js";
import type { CallerParts } from "./http/caller.js";
import { COMPRESS_ABOVE, compressing } from "./http/compressing.js";
import { Credentials } from "./http/credentials.js";
import { directTransportOf } from "./http/direct.js";
import { safeLog } from "./http/logger.js";
import { ANSWER_MAX_BYTES } from "./http/transport.js";
import type { Fetch, Transport } from "./http/transport.js";

/** Makes what carries calls over HTTP; each entry of the package has its own. */
export type MakeTransport = (fetch: Fetch | undefined, maxAnswerBytes: number) => Transport;

/** How a client makes calls, and where its stream is. */
export interface CallParts extends CallerParts {
  readonly watch: CallWatch;
  /** Whether the server is a backend in the same page. */
  readonly isInPage: boolean;
  /** Where the user says that the stream is. */
  readonly websocketUrl: string | undefined;
}

/** What a client's calls are made with: its options, and the default of each that was left out. */
export function callParts(
  options: AgentVMOptions,
  makeTransport: MakeTransport,
  lazy: Pick<LazyParts, "batching">,
): CallParts {
  const { environment, websocketUrl } = options;
  const credentials = new Credentials(options);
  const endpoint = checkAddress("endpoint", options.endpoint ?? "http://localhost:8000", environment);
  const overHttp = (): Transport => {
    const transport = compressing(
      makeTransport(options.fetch, options.maxAnswerBytes ?? ANSWER_MAX_BYTES),
      options.compressAbove ?? COMPRESS_ABOVE,
      lazy.batching,
    );
    return options.batching === false ? transport : batchingTransport(transport, endpoint, lazy.batching);
  };
  const direct = directTransportOf(options.fetch);
  return {
    endpoint,
    websocketUrl:
      websocketUrl === undefined ? undefined : checkAddress("websocketUrl", websocketUrl, environment),
    // Calls to a backend in the same page gain nothing by sharing a request.
    transport: direct ?? overHttp(),
    isInPage: direct !== undefined,
    credentials,
    lifetime: new Lifetime(),
    clock: options.clock ?? systemClock(),
    random: options.random ?? systemRandom(),
    log: safeLog(options.logger, () => credentials.secrets()),
    retries: options.retries ?? 2,
    timeoutMs: options.timeoutMs ?? 30_000,
    totalTimeoutMs: options.totalTimeoutMs ?? 120_000,
    watch: { begin: null },
  };
}
