/**
 * Rising or falling, repeats allowed (TBW and Harley axes repeat their last breakpoint, MS0 its first) but a third of the steps
 * must be steps. A rising axis that ends in zeros is read too wide; a falling one may (Buell pads so).
 */
export function isMonotonic(raw: ArrayLike<number>): boolean {
  let direction = 0;
  let steps = 0;
  for (let i = 1; i < raw.length; i++) {
    const step = Math.sign(raw[i]! - raw[i - 1]!);
    if (Number.isNaN(step)) return false;
    if (step === 0) continue;
    if (direction !== 0 && step !== direction) return false;
    direction = step;
    steps++;
  }
  return steps > 0 && steps * 3 >= raw.length - 1;
}
