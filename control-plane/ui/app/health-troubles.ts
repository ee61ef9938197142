import type { Health } from '../../wire/organization.ts';
import type { Trouble } from '../api/refusal.ts';

/** What is not there, what still works without it, and what to do. */
export function healthTroubles({ apiServer, database, watcher }: Health): readonly Trouble[] {
  return [
    ...(apiServer === 'ok' ? [] : [apiServerAway]),
    ...(database === 'ok' ? [] : [databaseAway]),
    ...(watcher.state === 'ok' ? [] : [watcherAway(watcher.state)]),
  ];
}

const apiServerAway: Trouble = {
  title: "The cluster's API server does not answer.",
  detail:
    'Past runs and their logs can be read. Nothing can be started, changed or cancelled until it is back; it is asked again every 15 seconds.',
};

const databaseAway: Trouble = {
  title: 'The run store does not answer.',
  detail:
    'Jobs, plans and settings can be read and changed, and runs go on. Past runs and logs cannot be read until the database is back; nothing of them is lost.',
};

function watcherAway(state: 'silent' | 'never'): Trouble {
  return state === 'never'
    ? {
        title: 'No watcher has reported yet.',
        detail:
          'Jobs can be saved and started, but no run and no log appears here. Look at the Deployment of the watcher.',
      }
    : {
        title: 'The watcher is silent.',
        detail:
          'Runs go on and can be started, but their status and logs here may be out of date until it is back. Look at the Deployment of the watcher.',
      };
}
