/** A text's bytes, kept from one call to the next: an event goes out to many clients in a row, and is encoded once for all of them. */
export class LastEncoded {
  #text = "";
  #bytes = Buffer.alloc(0);

  of(text: string): Buffer {
    if (text !== this.#text) {
      this.#bytes = Buffer.from(text, "utf8");
      this.#text = text;
    }
    return this.#bytes;
  }
}
