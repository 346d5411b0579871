/** Reads fields of an untrusted object and collects every fault with its place, so that a writer sees them all at once. */
export class Fields {
  readonly faults: string[] = [];

  fault(place: string, text: string): void {
    if (this.faults.length < 40) this.faults.push(`${place}: ${text}`);
  }

  /** An object whose keys are all known. */
  object(value: unknown, place: string, known: readonly string[]): Record<string, unknown> {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      this.fault(place, 'expected "name: value" lines');
      return {};
    }
    for (const key of Object.keys(value)) {
      if (!known.includes(key)) this.fault(place, `there is no field "${key}"; known: ${known.join(', ')}`);
    }
    return value as Record<string, unknown>;
  }

  list(value: unknown, place: string): unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value.slice(0, 20_000);
    this.fault(place, 'expected a list');
    return [];
  }

  text(value: unknown, place: string, fallback?: string): string {
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    this.fault(place, 'expected text');
    return '';
  }

  integer(value: unknown, place: string, low: number, high: number, fallback?: number): number {
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
    this.fault(place, `expected a whole number from ${low} to ${high}`);
    return low;
  }

  /** A number, or a fraction as text: "100/256". */
  number(value: unknown, place: string, fallback: number): number {
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    const match = typeof value === 'string' ? /^\s*(-?[\d.]+)\s*\/\s*([\d.]+)\s*$/.exec(value) : null;
    if (match !== null && Number(match[2]) !== 0) return Number(match[1]) / Number(match[2]);
    this.fault(place, 'expected a number or a fraction such as 100/256');
    return fallback;
  }

  choice<T extends string>(value: unknown, place: string, choices: readonly T[], fallback: T): T {
    if (value === undefined) return fallback;
    if (typeof value === 'string' && (choices as readonly string[]).includes(value)) return value as T;
    this.fault(place, `expected one of ${choices.join(', ')}`);
    return fallback;
  }
}
