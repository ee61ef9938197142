import { lazy } from 'react';
import type { WireRun } from '../../wire/run.ts';
import type { RunRef } from '../api/paths.ts';
import { pages } from '../app/pages.ts';
import type { RunTab } from '../app/pages.ts';
import { TabNav } from '../elements/tab-nav.tsx';
import { LogTab } from '../log/log-tab.tsx';
import { AttemptsTab } from './attempts-tab.tsx';
import { NodesTab } from './nodes-tab.tsx';

const TimingTab = lazy(async () => ({ default: (await import('../timing/timing-tab.tsx')).TimingTab }));
const PodTab = lazy(async () => ({ default: (await import('./pod-tab.tsx')).PodTab }));

interface RunTabsProps {
  readonly runRef: RunRef;
  readonly run: WireRun;
  readonly tab: string;
}

const labels: readonly (readonly [RunTab, string])[] = [
  ['log', 'Log'],
  ['nodes', 'Nodes'],
  ['timing', 'Timing'],
  ['attempts', 'Attempts'],
  ['pod', 'Pod'],
];

export function RunTabs({ runRef, run, tab }: RunTabsProps) {
  const tabs = labels.map(([name, label]) => ({
    label,
    to: pages.run(runRef, name),
    ...(name === 'attempts' && run.attempts.length > 1 ? { count: run.attempts.length } : {}),
  }));
  return (
    <div className="stack">
      <TabNav label="Run" tabs={tabs} />
      <TabContent runRef={runRef} run={run} tab={tab} />
    </div>
  );
}

function TabContent({ runRef, run, tab }: RunTabsProps) {
  switch (tab) {
    case 'nodes':
      return <NodesTab runRef={runRef} run={run} />;
    case 'timing':
      return <TimingTab runRef={runRef} />;
    case 'attempts':
      return <AttemptsTab runRef={runRef} run={run} />;
    case 'pod':
      return <PodTab runRef={runRef} />;
    default:
      return <LogTab runRef={runRef} run={run} />;
  }
}
