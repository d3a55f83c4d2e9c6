/** Where somebody sits at a round table. */
export function seat(
  place: number,
  of: number,
): { readonly x: number; readonly y: number; readonly z: number } {
  const angle = (place / of) * Math.PI * 2 + Math.PI / 2;
  return { x: Math.cos(angle) * 3, y: 0, z: Math.sin(angle) * 3 };
}
