import { onAbort } from "../../contract/on-abort.js";
import { batchRoutes } from "../../contract/routes/batch.js";
import { BATCH_MAX } from "../../contract/batch.js";
import { check } from "../../contract/schema.js";
import { TransportFailure } from "./transport.js";
import type { Transport, TransportRequest, TransportResponse } from "./transport.js";

/** Characters of all bodies in one batch at the most, so that it stays well under the megabyte that a server takes. */
export const BATCH_MAX_CHARACTERS = 262_144;

/** What a server answers that has no batches, or not such ones. */
const UNSUPPORTED = new Set([404, 405, 422, 501]);

/** One call that waits for the end of its tick, or for its answer. */
interface Item {
  readonly request: TransportRequest;
  readonly resolve: (response: TransportResponse | Promise<TransportResponse>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the calls of a tick into one `POST /batch`. Each keeps what is its own: it is retried, timed, cancelled and fails by
 * itself, and its idempotency key goes along, so that one which is sent again happens once. A call that is alone goes as it would
 * have. A server without batches is noticed once; from then on each call goes by itself.
 */
export class Batcher {
  readonly #transport: Transport;
  readonly #endpoint: string;
  #items: Item[] = [];
  #isSupported = true;

  constructor(transport: Transport, endpoint: string) {
    this.#transport = transport;
    this.#endpoint = endpoint;
  }

  send(request: TransportRequest): Promise<TransportResponse> {
    if (!this.#isSupported) return this.#transport.send(request);
    return new Promise((resolve, reject) => {
      // The end of the tick: whatever runs now, and the promises that it settles, may still add calls.
      if (this.#items.length === 0) queueMicrotask(() => queueMicrotask(() => this.#flush()));
      this.#items.push({ request, resolve, reject });
    });
  }

  #flush(): void {
    const waiting = this.#items.filter(({ request }) => !request.signal.aborted);
    this.#items = [];
    for (const batch of batchesOf(waiting)) {
      if (batch.length > 1) void this.#sendTogether(batch);
      else this.#sendAlone(batch);
    }
  }

  #sendAlone(items: readonly Item[]): void {
    for (const { request, resolve } of items) resolve(this.#transport.send(request));
  }

  async #sendTogether(items: readonly Item[]): Promise<void> {
    try {
      const response = await this.#post(items);
      if (UNSUPPORTED.has(response.status)) this.#isSupported = false;
      if (UNSUPPORTED.has(response.status) || response.status === 413) this.#sendAlone(items);
      else if (response.status >= 200 && response.status < 300) answerEach(items, response);
      else for (const { resolve } of items) resolve(response);
    } catch (error) {
      for (const { reject } of items) reject(error);
    }
  }

  async #post(items: readonly Item[]): Promise<TransportResponse> {
    const { batch } = batchRoutes;
    const { "idempotency-key": _key, ...headers } = items[0]?.request.headers ?? {};
    const stop = stopWhenAllAre(items.map(({ request }) => request.signal));
    try {
      return await this.#transport.send({
        route: batch,
        params: undefined,
        query: undefined,
        url: this.#endpoint + batch.path,
        headers: { ...headers, "content-type": "application/json" },
        body: `{"requests":[${items.map((item, place) => this.#write(item, place)).join(",")}]}`,
        signal: stop.signal,
        stream: false,
      });
    } finally {
      stop.end();
    }
  }

  #write({ request: { route, url, headers, body } }: Item, place: number): string {
    const path = url.slice(this.#endpoint.length);
    const item = {
      id: String(place),
      method: route.method,
      path,
      idempotency_key: headers["idempotency-key"],
    };
    const text = JSON.stringify(item);
    // The body is JSON already.
    return typeof body === "string" ? `${text.slice(0, -1)},"body":${body}}` : text;
  }
}

/** Calls that may share a request: with the same credentials, and not too many or too large together. */
function batchesOf(items: readonly Item[]): Item[][] {
  const open = new Map<string, { items: Item[]; characters: number }>();
  const batches: Item[][] = [];
  for (const item of items) {
    const { headers, body } = item.request;
    const who = `${headers["x-api-key"] ?? ""} ${headers["authorization"] ?? ""}`;
    const characters = typeof body === "string" ? body.length : 0;
    let batch = open.get(who);
    if (
      batch === undefined ||
      batch.items.length === BATCH_MAX ||
      batch.characters + characters > BATCH_MAX_CHARACTERS
    ) {
      batch = { items: [], characters: 0 };
      open.set(who, batch);
      batches.push(batch.items);
    }
    batch.items.push(item);
    batch.characters += characters;
  }
  return batches;
}

/** Gives each call its own answer; a header that the batch's answer has counts for all. */
function answerEach(items: readonly Item[], response: TransportResponse): void {
  const { schema } = batchRoutes.batch.answer;
  const read = check(schema, jsonOf(response.text), "answer");
  const answers = new Map(read.ok ? read.value.responses.map((one) => [one.id, one]) : []);
  for (const [place, { resolve, reject }] of items.entries()) {
    const answer = answers.get(String(place));
    if (answer === undefined)
      reject(new TransportFailure("maybe", "the answer to a batch has none for this call"));
    else resolve({ ...response, status: answer.status, text: JSON.stringify(answer.body), stream: null });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A signal that is aborted when all the others are: a batch goes on for whoever still waits. */
function stopWhenAllAre(signals: readonly AbortSignal[]): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const look = (): void => {
    if (signals.every(({ aborted }) => aborted)) controller.abort();
  };
  const forgets = signals.map((signal) => onAbort(signal, look));
  return {
    signal: controller.signal,
    end() {
      for (const forget of forgets) forget();
    },
  };
}
