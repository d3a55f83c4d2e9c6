import type { PageLink } from "../hosts/in-page/page-link.js";
import type { WebSocketOptions } from "../hosts/in-page/web-socket.js";
import type { Wire } from "../hosts/in-page/wire.js";

/** In the place of the class that behaves as the browser's in all things: what the facade's event stream uses of one. */
export function createGameSocketClass({ wire }: Pick<WebSocketOptions, "wire">) {
  return class {
    onopen: ((event: object) => void) | null = null;
    onmessage: ((event: { readonly data: string }) => void) | null = null;
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    #link: PageLink | null = null;
    #closed = false;

    constructor() {
      void this.#connect(wire());
    }

    get bufferedAmount(): number {
      return this.#link?.bytesToHub ?? 0;
    }

    send(text: string): void {
      this.#link?.sendToHub(text);
    }

    close(code?: number, reason = ""): void {
      this.#closed = true;
      this.#link?.closeFromPage(code, reason);
    }

    async #connect(found: Wire | Promise<Wire>): Promise<void> {
      const { link, tasks } = await found;
      const release = tasks.retain();
      const ended = (closed: { readonly code: number; readonly reason: string }): void => {
        release();
        this.onclose?.(closed);
      };
      if (!this.#closed) {
        this.#link = link({ events: null, message: (data) => this.onmessage?.({ data }), closed: ended });
      }
      if (this.#link === null) ended({ code: 1006, reason: "" });
      else this.onopen?.({});
    }
  };
}

/** A class of such sockets. */
export type GameSocketClass = ReturnType<typeof createGameSocketClass>;
