import { describe, expect, it } from 'vitest';
import { components, componentsNamed, componentsOf } from './components.ts';
import type { Source } from './components.ts';

const names = (source: Source): string[] => componentsOf(source).map(({ name }) => name);

describe('a cluster needs', () => {
  it('nothing but kubectl and helm where it is given', () => {
    expect(names('given')).toEqual(['kubectl', 'helm']);
  });

  it('kind besides, where Docker runs it', () => {
    expect(names('kind')).toEqual(['kubectl', 'helm', 'kind']);
  });

  it.each(['given', 'kind', 'embedded'] as const)(
    'no Kyverno, which takes a quarter of an hour: %s',
    (source) => {
      expect(names(source).filter((name) => name.includes('kyverno'))).toEqual([]);
    },
  );
});

describe('by name', () => {
  it('components are had that no cluster needs', () => {
    expect(componentsNamed(['kyverno', 'kubectl-kyverno']).map(({ package: path }) => path)).toEqual([
      'github.com/kyverno/kyverno/cmd/kyverno',
      'github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno',
    ]);
  });

  it('a component that is none is told with all that are', () => {
    expect(() => componentsNamed(['kivverno'])).toThrow(
      `kivverno: not a component\nOne of: ${components.map(({ name }) => name).join(', ')}`,
    );
  });
});
