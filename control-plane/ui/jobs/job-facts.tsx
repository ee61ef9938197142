import type { WireJob } from '../../wire/job.ts';
import { Facts } from '../elements/facts.tsx';
import { Moment } from '../elements/moment.tsx';
import { Notice } from '../elements/notice.tsx';
import { duration } from '../words/duration.ts';
import { nearDay } from '../words/instant.ts';
import { useNow } from '../elements/use-now.ts';

const shownNext = 5;

const overlapWords = {
  Allow: 'Both run',
  Forbid: 'The new run is left out',
  Replace: 'The run at work is ended',
} as const;

export function JobFacts({ job }: { readonly job: WireJob }) {
  const { argv, schedule, settings } = job;
  return (
    <>
      {schedule.warnings.map((warning) => (
        <Notice key={warning} kind="warned" title={warning} />
      ))}
      <Facts
        facts={{
          Command: <code>{argv.join(' ')}</code>,
          Schedule: <code>{schedule.cron}</code>,
          'If one still runs': settings && overlapWords[settings.overlap],
          Timeout:
            settings &&
            (settings.timeoutSeconds === undefined ? "The project's" : duration(settings.timeoutSeconds)),
          Retries: settings && String(settings.retries),
          'Slack alerts': settings && alertWords(settings.alerts),
          Created: <Moment at={job.createdAt} />,
          'Next runs': <NextRuns job={job} />,
        }}
      />
    </>
  );
}

function alertWords({ slack, channel }: NonNullable<WireJob['settings']>['alerts']): string {
  if (!slack) return 'Off';
  return channel === undefined ? "On, the organization's channel" : `On, ${channel}`;
}

function NextRuns({ job: { schedule, paused } }: { readonly job: WireJob }) {
  const now = useNow();
  if (paused) return 'None while it is paused';
  if (schedule.next.length === 0) return 'Never';
  return (
    <ol>
      {schedule.next.slice(0, shownNext).map((at) => (
        <li key={at} title={`${at} UTC`}>
          {nearDay(at, schedule.timeZone, now)}
        </li>
      ))}
    </ol>
  );
}
