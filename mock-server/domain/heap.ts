/**
 * A binary heap that also knows where each item is, so that any item can be taken out in O(log n).
 * `compare` has to be a total order: what comes out then depends on the content alone, not on its history.
 */
export class IndexedHeap<T> {
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The first item, or undefined when there is none. */
  peek(): T | undefined {
    return this.#items[0];
  }

  has(item: T): boolean {
    return this.#places.has(item);
  }

  /** Adds an item; one that is in already stays as it is. */
  push(item: T): void {
    if (this.#places.has(item)) return;
    this.#items.push(item);
    this.#up(item, this.#items.length - 1);
  }

  /** Takes the first item out. */
  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes an item out, wherever it is; tells whether it was in. */
  remove(item: T): boolean {
    const place = this.#places.get(item);
    if (place === undefined) return false;
    this.#places.delete(item);
    const last = this.#items.pop();
    if (last !== undefined && last !== item) {
      this.#up(last, place);
      this.#down(last, this.#places.get(last) ?? place);
    }
    return true;
  }

  /** The first `count` items in order; they stay in. */
  first(count: number): T[] {
    const taken: T[] = [];
    while (taken.length < count) {
      const item = this.pop();
      if (item === undefined) break;
      taken.push(item);
    }
    for (const item of taken) this.push(item);
    return taken;
  }

  /** All items, in no order. */
  values(): readonly T[] {
    return this.#items;
  }

  #up(item: T, from: number): void {
    let place = from;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.#items[parentPlace];
      if (parent === undefined || this.#compare(parent, item) <= 0) break;
      this.#set(parent, place);
      place = parentPlace;
    }
    this.#set(item, place);
  }

  #down(item: T, from: number): void {
    let place = from;
    for (;;) {
      const leftPlace = 2 * place + 1;
      const left = this.#items[leftPlace];
      if (left === undefined) break;
      const right = this.#items[leftPlace + 1];
      const rightIsLess = right !== undefined && this.#compare(right, left) < 0;
      const child = rightIsLess ? right : left;
      if (this.#compare(item, child) <= 0) break;
      this.#set(child, place);
      place = rightIsLess ? leftPlace + 1 : leftPlace;
    }
    this.#set(item, place);
  }

  #set(item: T, place: number): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }
}
