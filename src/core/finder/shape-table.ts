/** A hash table of shapes by their place and size. A Map would need one number, or text, as its key, and hundreds of thousands of them. */

const FIRST_SLOTS = 4096;

/** Open addressing; `undefined` where a shape was not seen yet. */
export class ShapeTable<T> {
  #slots = FIRST_SLOTS;
  #used = 0;
  /** Place + 1 of a slot; 0 where it is free. */
  #places = new Int32Array(FIRST_SLOTS);
  #sizes = new Int32Array(FIRST_SLOTS);
  #values: (T | null | undefined)[] = new Array(FIRST_SLOTS).fill(undefined);

  /** The slot of a shape, made where it is new. Valid until the next call. */
  slotOf(place: number, size: number): number {
    if (2 * this.#used >= this.#slots) this.#grow();
    const slot = this.#find(place, size);
    if (this.#places[slot] === 0) {
      this.#places[slot] = place + 1;
      this.#sizes[slot] = size;
      this.#used++;
    }
    return slot;
  }

  valueAt(slot: number): T | null | undefined {
    return this.#values[slot];
  }

  fill(slot: number, value: T | null): void {
    this.#values[slot] = value;
  }

  #find(place: number, size: number): number {
    let hash = Math.imul(place, 0x9e3779b1) ^ Math.imul(size, 0x85ebca6b);
    hash ^= hash >>> 15;
    const mask = this.#slots - 1;
    let slot = hash & mask;
    while (this.#places[slot] !== 0 && (this.#places[slot] !== place + 1 || this.#sizes[slot] !== size))
      slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [places, sizes, values] = [this.#places, this.#sizes, this.#values];
    this.#slots *= 2;
    this.#places = new Int32Array(this.#slots);
    this.#sizes = new Int32Array(this.#slots);
    this.#values = new Array(this.#slots).fill(undefined);
    for (let i = 0; i < places.length; i++) {
      if (places[i] === 0) continue;
      const slot = this.#find(places[i]! - 1, sizes[i]!);
      this.#places[slot] = places[i]!;
      this.#sizes[slot] = sizes[i]!;
      this.#values[slot] = values[i];
    }
  }
}
