/** The keys of an object, with their type. A call that bundlers can be told to be free of side effects. */
export function namesOf<N extends string>(of: object, isName: (name: string) => name is N): readonly N[] {
  return Object.keys(of).filter(isName);
}
