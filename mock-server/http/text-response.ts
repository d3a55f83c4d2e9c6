/**
 * The `Response` to a call whose whole body is there already, as text. Reading the platform's own goes through a
 * stream, which costs more than all else in a call; so that one is made only when something is asked that text,
 * status and headers cannot answer.
 */
export class TextResponse implements Response {
  readonly redirected = false;
  readonly type = "default";
  readonly url = "";
  readonly statusText = "";
  readonly status: number;
  readonly #fields: Record<string, string>;
  readonly #text: string | null;
  #headers: Headers | undefined;
  #platform: Response | undefined;
  #used = false;

  constructor(status: number, headers: Record<string, string>, text: string | null) {
    this.status = status;
    this.#fields = headers;
    this.#text = text;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get headers(): Headers {
    return (this.#headers ??= new Headers(this.#fields));
  }

  get bodyUsed(): boolean {
    return this.#platform?.bodyUsed ?? this.#used;
  }

  get body(): Response["body"] {
    return this.#own().body;
  }

  text(): Promise<string> {
    if (this.#platform !== undefined || this.#used) return this.#own().text();
    this.#used = this.#text !== null;
    return Promise.resolve(this.#text ?? "");
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#own().arrayBuffer();
  }

  blob(): Promise<Blob> {
    return this.#own().blob();
  }

  bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#own().bytes();
  }

  formData(): Promise<FormData> {
    return this.#own().formData();
  }

  clone(): Response {
    return this.#own().clone();
  }

  /** The platform's own response; one whose text was read is refused there as any that was read. */
  #own(): Response {
    if (this.#platform === undefined) {
      this.#platform = new Response(this.#text, { status: this.status, headers: this.headers });
      if (this.#used) void this.#platform.text();
    }
    return this.#platform;
  }
}

/** Makes `instanceof Response` true for a {@link TextResponse}, where the platform has such a class. */
export function passForResponse(): void {
  Object.setPrototypeOf(TextResponse.prototype, Response.prototype);
}
