const HEAD_END = Buffer.from("\r\n\r\n");

/**
 * Cuts what a server sends into the frames of a WebSocket, so that whole ones can be sent twice. Of a connection that is not
 * one, all is given back as it came.
 */
export class FrameSplitter {
  #held = Buffer.alloc(0);
  #kind: "unknown" | "frames" | "other" = "unknown";

  /** Takes a piece; gives what is whole, and whether each is a frame. */
  take(piece: Buffer): { readonly bytes: Buffer; readonly isFrame: boolean }[] {
    if (this.#kind === "other") return [{ bytes: piece, isFrame: false }];
    this.#held = Buffer.concat([this.#held, piece]);
    const whole: { readonly bytes: Buffer; readonly isFrame: boolean }[] = [];
    if (this.#kind === "unknown") {
      const end = this.#held.indexOf(HEAD_END);
      if (end < 0) return whole;
      this.#kind = this.#held.subarray(0, 12).toString("latin1") === "HTTP/1.1 101" ? "frames" : "other";
      const length = this.#kind === "frames" ? end + HEAD_END.length : this.#held.length;
      whole.push({ bytes: this.#cut(length), isFrame: false });
    }
    for (let length = this.#frameLength(); length !== null; length = this.#frameLength()) {
      whole.push({ bytes: this.#cut(length), isFrame: true });
    }
    return whole;
  }

  #cut(length: number): Buffer {
    const bytes = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return bytes;
  }

  /** Bytes of the next frame; null while it is not whole. A server's frames are not masked. */
  #frameLength(): number | null {
    const held = this.#held;
    if (held.length < 2) return null;
    const short = held.readUInt8(1) & 0x7f;
    const header = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (held.length < header) return null;
    const payload =
      short === 127 ? Number(held.readBigUInt64BE(2)) : short === 126 ? held.readUInt16BE(2) : short;
    return held.length < header + payload ? null : header + payload;
  }
}
