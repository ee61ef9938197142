import { ensureComponents } from '../cluster/build.ts';
import type { Build } from '../cluster/build.ts';
import type { Log, Settings } from '../cluster/cluster.ts';

/** Both at once: they share most packages, and what is compiled is thrown away after linking. */
export const buildKyverno = (settings: Settings, log: Log): Promise<Build> =>
  ensureComponents(settings, ['kyverno', 'kubectl-kyverno'], log);

/**
 * Path of Kyverno's CLI, for `kyverno test` and `kyverno apply`; needs no cluster. Built the first time, in a quarter
 * of an hour, and told to `log` while it is.
 */
export const kyvernoCli = async (settings: Settings, log: Log): Promise<string> =>
  (await buildKyverno(settings, log)).path('kubectl-kyverno');
