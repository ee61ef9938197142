const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,3}))?$/;

/** Powers of ten and of two of each suffix: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const suffixes: Readonly<Record<string, readonly [ten: number, two: number]>> = {
  n: [-9, 0],
  u: [-6, 0],
  m: [-3, 0],
  k: [3, 0],
  M: [6, 0],
  G: [9, 0],
  T: [12, 0],
  P: [15, 0],
  E: [18, 0],
  Ki: [0, 10],
  Mi: [0, 20],
  Gi: [0, 30],
  Ti: [0, 40],
  Pi: [0, 50],
  Ei: [0, 60],
};

interface Exact {
  /** The value is `digits` times ten to the power of `ten`. */
  readonly digits: bigint;
  readonly ten: number;
}

/** Whether two quantities are the same number ("1" and "1000m"); one that is no quantity equals nothing. */
export function equalQuantity(left: string, right: string): boolean {
  const a = parse(left);
  const b = parse(right);
  if (a === undefined || b === undefined) return false;
  const lowest = Math.min(a.ten, b.ten);
  return scaled(a, lowest) === scaled(b, lowest);
}

function scaled(value: Exact, lowest: number): bigint {
  return value.digits * 10n ** BigInt(value.ten - lowest);
}

function parse(text: string): Exact | undefined {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, sign = '', number = '', suffix, exponent] = found;
  const [whole = '', fraction = ''] = number.split('.');
  const [ten, two] = suffix === undefined ? [Number(exponent ?? 0), 0] : (suffixes[suffix] ?? [0, 0]);
  const digits = BigInt(whole + fraction) * 2n ** BigInt(two);
  return { digits: sign === '-' ? -digits : digits, ten: ten - fraction.length };
}
