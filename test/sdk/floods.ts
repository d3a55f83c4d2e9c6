import type { Socket } from "node:net";
import { createGzip } from "node:zlib";

/** Writes a piece again and again, as fast as it is taken, until the other side hangs up. */
export function flood(socket: Socket, piece: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

/** The same, compressed: a few bytes on the wire are a lot for who reads them. Gives how many bytes were put in up to now. */
export function floodCompressed(socket: Socket, piece: Buffer): () => number {
  const gzip = createGzip();
  let put = 0;
  gzip.pipe(socket);
  const more = (): void => {
    do put += piece.length;
    while (!socket.destroyed && gzip.write(piece));
  };
  gzip.on("drain", more);
  gzip.on("error", () => undefined);
  socket.on("close", () => gzip.destroy());
  more();
  return () => put;
}
