/** What a call rejects with that has no answer, because its connection broke: what `fetch` rejects with on a dead network. */
export class ConnectionReset extends TypeError {
  constructor(why: string) {
    super(`fetch failed: ${why}`);
  }
}
