/** One answer. Header names are lower-case. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Whole text, pieces of text as they come, or nothing. */
  readonly body: string | AsyncIterable<string> | null;
}

/** The texts that are written at build time and loaded when somebody asks for them. */
export interface Documents {
  /** The text of `/openapi.json`. */
  openapi(): Promise<string>;
  /** The text of `/asyncapi.json`. */
  asyncapi(): Promise<string>;
  /** The page at `/docs`, which needs no internet. */
  page(): Promise<string>;
}
