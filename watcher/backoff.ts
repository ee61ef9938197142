/** Milliseconds to wait before try number `failures` (from 1): exponential, capped, the upper half of it by chance. */
export function backoffMs(failures: number, random: () => number, firstMs = 500, mostMs = 30_000): number {
  const ceiling = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
