/** What is new or changed and was not taken yet, the oldest change first. */
export interface Changes<T> {
  touch(key: T): void;
  isEmpty(): boolean;
  oldest(most: number): Oldest<T>;
}

export interface Oldest<T> {
  readonly keys: readonly T[];
  /** Somebody has them; what has changed meanwhile stays. */
  taken(): void;
}

export function createChanges<T>(): Changes<T> {
  const changes = new Map<T, number>();
  let count = 0;
  return {
    touch: (key) => void changes.set(key, ++count),
    isEmpty: () => changes.size === 0,
    oldest(most) {
      const found: (readonly [T, number])[] = [];
      for (const entry of changes) if (found.push(entry) >= most) break;
      return {
        keys: found.map(([key]) => key),
        taken() {
          for (const [key, at] of found) if (changes.get(key) === at) changes.delete(key);
        },
      };
    },
  };
}
