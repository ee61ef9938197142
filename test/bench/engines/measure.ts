/** What one arm took, ms: a value for each round. */
export interface ArmRounds<Name extends string> {
  readonly name: Name;
  /** Median of the round's requests. */
  readonly whole: readonly number[];
  /** Median of what each request took above the one of the first arm beside it. */
  readonly added: readonly number[];
}

export interface Plan {
  readonly rounds: number;
  /** Requests of each arm in a round. */
  readonly requests: number;
  /** Requests of each arm that are not counted, before the first round. */
  readonly warmUp: number;
}

/**
 * Asks the arms in turn, one request at a time, so that whatever else the machine does meets all alike; each turn begins with
 * another arm. `ask` returns how long it took, ms.
 */
export async function measure<Name extends string>(
  arms: readonly [Name, ...Name[]],
  { rounds, requests, warmUp }: Plan,
  ask: (arm: Name) => Promise<number>,
): Promise<readonly ArmRounds<Name>[]> {
  const turn = async (first: number): Promise<ReadonlyMap<Name, number>> => {
    const took = new Map<Name, number>();
    for (let index = 0; index < arms.length; index++) {
      const arm = arms[(first + index) % arms.length] ?? arms[0];
      took.set(arm, await ask(arm));
    }
    return took;
  };
  for (let index = 0; index < warmUp; index++) await turn(index);
  const turns: (readonly ReadonlyMap<Name, number>[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const ofRound: ReadonlyMap<Name, number>[] = [];
    for (let index = 0; index < requests; index++) ofRound.push(await turn(round + index));
    turns.push(ofRound);
  }
  const value = (took: ReadonlyMap<Name, number>, name: Name): number => took.get(name) ?? Number.NaN;
  return arms.map((name) => ({
    name,
    whole: turns.map((ofRound) => median(ofRound.map((took) => value(took, name)))),
    added: turns.map((ofRound) => median(ofRound.map((took) => value(took, name) - value(took, arms[0])))),
  }));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
