import { useState } from 'react';
import { differenceOf } from './line-difference.ts';
import type { DifferenceLine } from './line-difference.ts';
import { Button } from './button.tsx';
import './difference.css';

interface DifferenceProps {
  readonly before: string;
  readonly after: string;
}

type View = 'difference' | 'before' | 'after';

const views: readonly (readonly [View, string])[] = [
  ['difference', 'Difference'],
  ['before', 'Before'],
  ['after', 'After'],
];

/** Two texts, line by line: what was added, what was taken away. */
export function Difference({ before, after }: DifferenceProps) {
  const [view, setView] = useState<View>('difference');
  return (
    <div className="difference">
      <div className="row" role="group" aria-label="Show">
        {views.map(([name, label]) => (
          <Button key={name} kind="quiet" pressed={view === name} onPress={() => setView(name)}>
            {label}
          </Button>
        ))}
      </div>
      <pre tabIndex={0} aria-label={views.find(([name]) => name === view)?.[1] ?? ''}>
        {view === 'difference' ? (
          <Lines lines={differenceOf(before, after)} />
        ) : view === 'before' ? (
          before
        ) : (
          after
        )}
      </pre>
    </div>
  );
}

const signs: Readonly<Record<DifferenceLine['kind'], string>> = { same: ' ', added: '+', removed: '-' };

function Lines({ lines }: { readonly lines: readonly DifferenceLine[] }) {
  return lines.map(({ kind, text }, index) => (
    <span key={index} className={`difference-line difference-${kind}`}>
      {`${signs[kind]} ${text}\n`}
    </span>
  ));
}
