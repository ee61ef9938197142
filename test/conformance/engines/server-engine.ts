import { labels } from '../../../contract/names.ts';
import { withJobsLabels, withTokenApart } from '../servers-own.ts';
import type { Engine } from './engine.ts';
import type { LogSource } from './logs.ts';
import type { Namespaces } from './namespaces.ts';
import { makeNamespaces } from './namespaces.ts';
import { createDryRun, createStored, updateStored } from './requests.ts';
import { backstopDenies, engineAnswer } from './sentinel.ts';
import type { OpenServer, SharedServer } from './server.ts';

export interface ServerEngineOptions {
  readonly name: string;
  /** Of its namespaces; by default the label that puts the engine of this name in charge. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  readonly shared: SharedServer;
  readonly logs: readonly LogSource[];
  /** Installs the engine and returns when `atWork`, or says why it cannot be had; throws where it does not come to work. */
  readonly installEngine: (server: OpenServer, atWork: () => Promise<boolean>) => Promise<InstalledEngine>;
}

export interface InstalledEngine {
  /** Why it cannot be had. */
  readonly notRun?: string;
  readonly stop?: () => Promise<void>;
  /** What it logged, where that is in none of the sources. */
  readonly logs?: () => string;
}

interface Ready {
  readonly server: OpenServer;
  readonly namespaces: Namespaces;
  readonly logs: readonly { readonly kind: LogSource['kind']; readonly read: () => Promise<string> }[];
}

/** An engine on a real API server, in charge of namespaces of its own. */
export function serverEngine(options: ServerEngineOptions): Engine {
  let begun: Ready | undefined;
  let installed: InstalledEngine = {};
  const ready = (): Ready => {
    if (begun === undefined) throw new Error('the engine is not prepared');
    return begun;
  };
  return {
    name: options.name,
    stage: 'server',
    prepare: async (cases) => {
      const server = await options.shared.open(cases);
      if ('notRun' in server) return server;
      begun = await begin(server, options);
      installed = await installFor(begun, options);
      return installed.notRun === undefined ? undefined : { notRun: installed.notRun };
    },
    notAsked: () => undefined,
    namespaceOf: (asked) => ready().namespaces.of(asked),
    admit: (asked, object, how) => {
      const create = how === 'dry run' ? createDryRun : createStored;
      return create(ready().server.api, ready().namespaces, asked, object);
    },
    reference: (asked, sent, expected) => ready().server.reference(asked, withJobsLabels(sent, expected)),
    update: (asked) => updateStored(ready().server.api, ready().namespaces, asked),
    comparable: withTokenApart,
    logs: async () => ({
      engine: `${installed.logs?.() ?? ''}${await readLogs(ready(), 'engine')}`,
      audit: await readLogs(ready(), 'audit'),
    }),
    close: async () => {
      await installed.stop?.();
      await begun?.namespaces.remove();
    },
  };
}

async function begin(
  server: OpenServer,
  { name, logs, namespaceLabels = { [labels.engine]: name } }: ServerEngineOptions,
): Promise<Ready> {
  const { api, placement, run, gitSyncImage } = server;
  const begun = await Promise.all(
    logs.map(async ({ kind, begin: from }) => ({ kind, read: await from(api) })),
  );
  const namespaces = await makeNamespaces(api, {
    owner: name,
    labels: namespaceLabels,
    placement,
    run,
    gitSyncImage,
  });
  return { server, namespaces, logs: begun };
}

/** The last answer says why an engine that is installed does not come to work. */
async function installFor(
  { server, namespaces }: Ready,
  { installEngine }: ServerEngineOptions,
): Promise<InstalledEngine> {
  let last = '';
  const atWork = async (): Promise<boolean> => {
    last = await engineAnswer(server.api, namespaces.first);
    return last === 'ready' && (await backstopDenies(server.api, namespaces.first));
  };
  try {
    return await installEngine(server, atWork);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(last === '' ? cause : `${cause} (last answer: ${last})`, { cause: error });
  }
}

async function readLogs({ logs }: Ready, kind: LogSource['kind']): Promise<string> {
  return (await Promise.all(logs.filter((log) => log.kind === kind).map(({ read }) => read()))).join('\n');
}
