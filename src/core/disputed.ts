/** One map as two definitions read it, at the cell where they differ most. */
export interface DisputedReading {
  mapId: string;
  index: number;
  /** As it is judged, and as the bundled definition has it. */
  own: number;
  bundled: number;
  /** Of the largest value there, percent. */
  percent: number;
}
