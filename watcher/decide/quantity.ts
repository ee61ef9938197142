const scales: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1000n,
  m: 1_000_000n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 10n ** 9n * 2n ** 10n,
  Mi: 10n ** 9n * 2n ** 20n,
  Gi: 10n ** 9n * 2n ** 30n,
  Ti: 10n ** 9n * 2n ** 40n,
  Pi: 10n ** 9n * 2n ** 50n,
  Ei: 10n ** 9n * 2n ** 60n,
};

/** A Kubernetes quantity in billionths, the finest unit there is; undefined for what is no quantity. */
export function parseQuantity(text: string): bigint | undefined {
  const parts = /^(\d{1,30})(?:\.(\d{0,9}))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, whole = '0', fraction = '', suffix = '', exponent = '0'] = parts;
  const scale = scales[suffix];
  if (scale === undefined) return undefined;
  const digits = BigInt(whole + fraction) * scale;
  const power = Number(exponent) - fraction.length;
  return power >= 0 ? digits * 10n ** BigInt(power) : digits / 10n ** BigInt(-power);
}
