import { type DbtSummary, type Outcome, outcomeReasons } from '../../contract/outcome.ts';
import { inert } from './inert.ts';

/** What a message tells of a run. */
export interface Alert {
  readonly namespace: string;
  readonly project: string;
  /** The job, or the run itself where it belongs to none. */
  readonly job: string;
  readonly kind: 'Job' | 'Pod';
  readonly name: string;
  readonly outcome: Outcome;
  readonly commit?: string | undefined;
  readonly durationSeconds?: number | undefined;
  /** Where the run is shown. */
  readonly url?: string | undefined;
}

export interface Section {
  readonly type: 'section';
  readonly text: { readonly type: 'mrkdwn'; readonly text: string; readonly verbatim: true };
}

export interface SlackMessage {
  /** What notifications and screen readers show. */
  readonly text: string;
  readonly blocks: readonly Section[];
}

/** Slack refuses a section of more than 3,000 characters. */
const mostInSection = 2900;
const mostWords = 200;
const mostNodes = 5;
const mostNodeWords = 400;

/** The alert for a failed run (C33). */
export function failureMessage(alert: Alert): SlackMessage {
  const { outcome } = alert;
  const nodes = outcome.dbt && nodesText(outcome.dbt);
  return {
    text: `${title(alert)} failed: ${outcome.reason}`,
    blocks: [
      section(`:red_circle: *${title(alert)}* failed: *${outcome.reason}*`),
      section(inert(outcome.message, mostInSection)),
      ...(nodes === undefined ? [] : [section(nodes)]),
      section(`*Next:* ${inert(outcomeReasons[outcome.reason].nextStep, mostInSection - 10)}`),
      section(factsText(alert)),
    ],
  };
}

/** The end of an incident: the job has succeeded again. */
export function recoveryMessage(alert: Alert): SlackMessage {
  return {
    text: `${title(alert)} has recovered`,
    blocks: [
      section(`:large_green_circle: *${title(alert)}* has recovered: the newest run succeeded`),
      section(factsText(alert)),
    ],
  };
}

function title({ project, job }: Alert): string {
  return `${inert(project, mostWords)} / ${inert(job, mostWords)}`;
}

function section(text: string): Section {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** The first line of each node's error, and what was at work; undefined where there is neither. */
function nodesText({ failedNodes, unfinishedNodes = [], counts }: DbtSummary): string | undefined {
  const failed = failedNodes.slice(0, mostNodes).map(({ uniqueId, status, message }) => {
    const said = message === '' ? '' : `: ${message}`;
    return `• ${inert(`${uniqueId} (${status})${said}`, mostNodeWords)}`;
  });
  const total = Object.entries(counts).filter(([status]) => failedStatuses.has(status));
  const more = total.reduce((sum, [, count]) => sum + count, 0) - failed.length;
  const atWork = unfinishedNodes.slice(0, mostNodes).map((node) => `• ${inert(node, mostWords)} was at work`);
  const lines = [...failed, ...(more > 0 ? [`• and ${more} more`] : []), ...atWork];
  return lines.length === 0 ? undefined : lines.join('\n');
}

const failedStatuses = new Set(['error', 'fail', 'runtime error', 'partial success']);

function factsText(alert: Alert): string {
  const { namespace, kind, name, commit, durationSeconds, url } = alert;
  const run = inert(`${namespace}/${name}`, mostWords);
  const facts = [
    url === undefined ? run : `<${addressText(url)}|${run}>`,
    ...(commit === undefined ? [] : [`commit ${inert(commit.slice(0, 12), mostWords)}`]),
    ...(durationSeconds === undefined ? [] : [durationText(durationSeconds)]),
  ];
  const look = `kubectl logs -n ${namespace} ${kind.toLowerCase()}/${name} --all-containers`;
  return url === undefined
    ? `${facts.join(' · ')}\n\`${inert(look, mostInSection - 700)}\``
    : facts.join(' · ');
}

/** `|` would begin the words of a link, and `>` end it. */
function addressText(url: string): string {
  return encodeURI(url)
    .replaceAll('&', '&amp;')
    .replaceAll('|', '%7C')
    .replaceAll('<', '%3C')
    .replaceAll('>', '%3E');
}

/** `45 s`, `12 min 5 s`, `3 h 2 min` */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
