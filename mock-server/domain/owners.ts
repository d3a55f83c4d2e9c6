const GAME = "game:";

/** Whose the answers are that a game's sessions were given. */
export function ownerOfGame(gameId: string): string {
  return `${GAME}${gameId}`;
}

/** The game for which an owner's answers are kept; null for a key, which is of no game. */
export function gameOfOwner(owner: string): string | null {
  return owner.startsWith(GAME) ? owner.slice(GAME.length) : null;
}
