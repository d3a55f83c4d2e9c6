import { brotliCompress, constants, gzip } from "node:zlib";

/** Bytes from which on an answer is compressed; a shorter one fits into one packet anyway. */
export const COMPRESS_FROM_BYTES = 1_024;

/** The encodings that this server writes, the better first. */
export type Encoding = "br" | "gzip";

const ENCODINGS: readonly Encoding[] = ["br", "gzip"];

/** Which encoding a caller wants most, by its Accept-Encoding; null where it takes none of these. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding | null {
  if (acceptEncoding === undefined) return null;
  const wanted = new Map<string, number>();
  for (const part of acceptEncoding.split(",")) {
    const [name = "", ...parameters] = part.split(";");
    wanted.set(name.trim().toLowerCase(), weightOf(parameters));
  }
  const any = wanted.get("*") ?? 0;
  const weights = { br: wanted.get("br") ?? any, gzip: wanted.get("gzip") ?? wanted.get("x-gzip") ?? any };
  const plain = wanted.get("identity") ?? 0;
  let best: Encoding | null = null;
  for (const encoding of ENCODINGS) {
    const weight = weights[encoding];
    if (weight > 0 && weight >= plain && (best === null || weight > weights[best])) best = encoding;
  }
  return best;
}

function weightOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=");
    if (name.trim().toLowerCase() === "q") {
      const weight = Number(value);
      return weight >= 0 && weight <= 1 ? weight : 0;
    }
  }
  return 1;
}

/** Levels at which an answer costs less to compress than it saves. */
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/** Compresses a text, away from the event loop. */
export function compress(text: string, encoding: Encoding): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, bytes: Buffer): void => {
      if (error === null) resolve(bytes);
      else reject(error);
    };
    if (encoding === "br") brotliCompress(text, brotliOptions, done);
    else gzip(text, done);
  });
}
