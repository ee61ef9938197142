import { beforeAll, describe, expect, it } from 'vitest';
import { type Json, makeNamespace, pathOf, request, setStatus, create } from './api.ts';
import { commitA, imageA, plan, project } from './projects.ts';

const namespace = 'e2e-crd';
const repository = (fields: Json): Json => ({
  repository: { url: 'https://git.example/shop.git', ...fields },
});
const url = (value: string): Json => ({ repository: { url: value } });
const resources = (requests: Json, limits: Json): Json => ({ resources: { requests, limits } });

const scheme = 'spec.repository.url: Invalid value: "VALUE": must begin with https:// or ssh://';
const host = 'spec.repository.url: Invalid value: "VALUE": must name a host, and a path after it';
const characters =
  'spec.repository.url: Invalid value: "VALUE": may have only letters, digits and . _ ~ / : % + - after the scheme (ssh: a user and @ before the host)';
const credentials =
  'spec.repository.url: Invalid value: must not contain credentials: put them into a Secret and name it in spec.repository.secretName';
const subdirectory =
  'spec.repository.subdirectory: Invalid value: "VALUE": must be a relative path of letters, digits and . _ - without . or .. as a folder';
const proxy =
  'spec.repository.proxy: Invalid value: "VALUE": must be http:// or https://, a host and a port, without a path';
const label = 'Invalid value: "VALUE": must be a DNS label of at most 63 characters';
const ours =
  'DBT_LOG_FORMAT, DBT_USE_COLORS, DBT_TARGET_PATH, DBT_LOG_PATH and DBT_PROFILES_DIR are set by dbt Jobs';

/** Sentence → spec, the value that must be shown, and every cause expected. */
const refused: Readonly<Record<string, readonly [spec: Json, value: string, causes: readonly string[]]>> = {
  'a file:// repository': [url('file:///etc/passwd'), 'file:///etc/passwd', [scheme, host]],
  'an ext:: transport': [url('ext::sh -c x'), 'ext::sh -c x', [scheme, host, characters]],
  'an ext:: transport in capitals': [url('EXT::sh'), 'EXT::sh', [scheme, host, characters]],
  'an argument in place of a repository': [
    url('--upload-pack=x'),
    '--upload-pack=x',
    [scheme, host, characters],
  ],
  'an argument in place of a host': [
    url('ssh://-oProxyCommand=x/y'),
    'ssh://-oProxyCommand=x/y',
    [
      host,
      characters,
      'spec.repository.secretName: Invalid value: is required for ssh: a Secret with the keys ssh-privatekey and known_hosts',
    ],
  ],
  'a user and password in the URL, without printing them': [
    url('https://u:hunter2@git.example/x'),
    '',
    [credentials],
  ],
  'a token in the URL, without printing it': [url('https://hunter2@git.example/x'), '', [credentials]],
  'a password in another scheme, without printing it': [
    url('ftp://u:hunter2@git.example'),
    '',
    [credentials],
  ],
  'a URL without a path': [url('https://git.example'), 'https://git.example', [host]],
  'a URL with a blank': [url('https://git.example/a b'), 'https://git.example/a b', [characters]],
  'a URL with a query': [url('https://git.example/a?b=c'), 'https://git.example/a?b=c', [characters]],
  'ssh without a Secret': [
    url('ssh://git@git.example/x.git'),
    '',
    [
      'spec.repository.secretName: Invalid value: is required for ssh: a Secret with the keys ssh-privatekey and known_hosts',
    ],
  ],
  'a subdirectory that leaves the repository': [
    repository({ subdirectory: 'a/../..' }),
    'a/../..',
    [subdirectory],
  ],
  'an absolute subdirectory': [repository({ subdirectory: '/etc' }), '/etc', [subdirectory]],
  'a proxy with credentials, without printing them': [
    repository({ proxy: 'http://u:hunter2@proxy.example:3128' }),
    '',
    ['spec.repository.proxy: Invalid value: must not contain credentials'],
  ],
  'a proxy that is no URL': [repository({ proxy: 'proxy.example:3128' }), 'proxy.example:3128', [proxy]],
  'a Secret name that no Secret can have': [
    { credentials: [{ secretName: '../x' }] },
    '../x',
    [`spec.credentials[0].secretName: ${label}`],
  ],
  'a key that cannot be a variable': [
    { credentials: [{ secretName: 'x', keys: ['a-b'] }] },
    '',
    [
      'spec.credentials[0].keys: Invalid value: must be names of environment variables: letters, digits and _, not beginning with a digit',
    ],
  ],
  'variables that are ours, a secret by its name, and one that is a key too': [
    {
      credentials: [{ secretName: 'x', keys: ['HOST'] }],
      environment: [
        { name: 'HOST', value: 'h' },
        { name: 'DBT_LOG_PATH', value: 'p' },
        { name: 'DBT_ENV_SECRET_X', value: 's' },
      ],
    },
    '',
    [
      'spec.environment: Invalid value: a name stands both here and in the keys of spec.credentials: keep one of them',
      `spec.environment[1].name: Invalid value: "DBT_LOG_PATH": ${ours}`,
      'spec.environment[2].name: Invalid value: "DBT_ENV_SECRET_X": is for secrets: put it into a Secret and list that in spec.credentials',
    ],
  ],
  'packages of the image without their path': [
    { packages: { from: 'image' } },
    '',
    ['spec.packages.path: Invalid value: is required with from: image, and only there'],
  ],
  'limits below requests': [
    resources(
      { cpu: 2, memory: '1Gi', 'ephemeral-storage': '2Gi' },
      { cpu: '500m', memory: '512Mi', 'ephemeral-storage': '1Gi' },
    ),
    '',
    [
      'spec.resources.limits.memory: Invalid value: must be at least requests.memory',
      'spec.resources.limits.cpu: Invalid value: must be at least requests.cpu',
      'spec.resources.limits.ephemeral-storage: Invalid value: must be at least requests.ephemeral-storage',
    ],
  ],
  'resources without a memory limit': [
    resources({ cpu: 1, memory: '1Gi' }, {}),
    '',
    ['spec.resources.limits.memory: Required value'],
  ],
};

interface Cause {
  readonly field: string;
  readonly message: string;
}

/** The causes as kubectl prints them, without the server's note that further rules were left out. */
function causesOf(body: Json): string[] {
  const details = body['details'] as { readonly causes?: readonly Cause[] } | undefined;
  return (details?.causes ?? [])
    .filter((cause) => !cause.message.includes('some validation rules were not checked'))
    .map((cause) => `${cause.field}: ${cause.message}`)
    .sort();
}

const tryCreate = (object: Json, validation = 'Strict') =>
  request('POST', `${pathOf('DbtProject', namespace)}?dryRun=All&fieldValidation=${validation}`, object);

beforeAll(() => makeNamespace(namespace, {}));

describe('a DbtProject is refused for', () => {
  for (const [sentence, [spec, value, causes]] of Object.entries(refused)) {
    it(sentence, async () => {
      const answer = await tryCreate(project('shop', spec));
      expect(causesOf(answer.body)).toEqual(causes.map((cause) => cause.replace('VALUE', value)).sort());
      expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    });
  }
  it('an unknown field, by its path', async () => {
    const answer = await tryCreate(
      project('shop', { repository: { url: 'https://git.example/x.git', branch: 'main' } }),
    );
    expect(answer.body['message']).toContain('unknown field "spec.repository.branch"');
  });
  it('a name that no label can carry', async () => {
    const answer = await tryCreate(project('a.b'));
    expect(answer.body['message']).toContain(
      'metadata.name must be a DNS label of at most 63 characters: pods name it in a label',
    );
  });
});

describe('a DbtProject is accepted', () => {
  const accepted: Readonly<Record<string, Json>> = {
    'with nothing but its repository and resources': {},
    'with ssh, a user in the URL and a Secret': {
      repository: { url: 'ssh://git@git.example:2222/a/b.git', secretName: 'clone' },
    },
    'with every optional field': {
      repository: {
        url: 'https://git.example:8443/a/b.git',
        subdirectory: 'dbt/shop',
        secretName: 'clone',
        username: 'oauth2',
        caBundle: { configMapName: 'ca', key: 'bundle.pem' },
        proxy: 'http://proxy.example:3128',
        depth: 0,
        submodules: true,
      },
      credentials: [
        { secretName: 'a' },
        { secretName: 'b', keys: ['X'] },
        { secretName: 'c', as: 'files', keys: ['k.json'] },
      ],
      environment: [{ name: 'TARGET', value: 'prod' }],
      profiles: { configMapName: 'profiles' },
      packages: { from: 'image', path: '/opt/dbt_packages' },
      imagePullPolicy: 'Always',
      timeoutSeconds: 60,
      startTimeoutSeconds: 30,
      runAsUser: 1000,
      resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } },
    },
  };
  for (const [sentence, spec] of Object.entries(accepted)) {
    it(sentence, async () => {
      const answer = await tryCreate(project('shop', spec));
      expect({ status: answer.status, message: answer.body['message'] }).toEqual({
        status: 201,
        message: undefined,
      });
    });
  }
  it('and given its defaults', async () => {
    const answer = await tryCreate(
      project('shop', {
        credentials: [{ secretName: 'w' }],
        repository: { url: 'https://g.example/x', caBundle: { configMapName: 'ca' } },
      }),
    );
    expect(answer.body['spec']).toEqual({
      repository: {
        url: 'https://g.example/x',
        username: 'git',
        caBundle: { configMapName: 'ca', key: 'ca.crt' },
        depth: 1,
        submodules: false,
      },
      credentials: [{ secretName: 'w', as: 'env' }],
      environment: [],
      packages: { from: 'none' },
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '256Mi' } },
      imagePullPolicy: 'IfNotPresent',
      timeoutSeconds: 86_400,
      startTimeoutSeconds: 900,
      runAsUser: 65_532,
    });
  });
});

describe('the status of a DbtProject', () => {
  const name = 'status';
  const write = (status: Json) =>
    request(
      'PATCH',
      `${pathOf('DbtProject', namespace, name)}/status`,
      { status },
      'application/merge-patch+json',
    );

  beforeAll(async () => {
    await create('DbtProject', namespace, project(name));
    await setStatus(namespace, name, { plan: 'one', plans: [plan('one', imageA, commitA)] });
  });

  const refusedStatus: Readonly<Record<string, readonly [Json, string]>> = {
    'a branch where a commit must stand': [
      { plans: [plan('one', imageA, commitA), plan('two', imageA, 'main', 'Candidate')] },
      'status.plans[1].commit: Invalid value: "main": must be a full commit, 40 or 64 lower-case hex digits: no branch, tag or short form',
    ],
    'a shortened commit': [
      { plans: [plan('one', imageA, commitA), plan('two', imageA, 'abc1234', 'Candidate')] },
      'status.plans[1].commit: Invalid value: "abc1234": must be a full commit, 40 or 64 lower-case hex digits: no branch, tag or short form',
    ],
    'plan:current as an image': [
      { plans: [plan('one', imageA, commitA), plan('two', 'plan:current', commitA, 'Candidate')] },
      'status.plans[1].image: Invalid value: "plan:current": must be the image itself: plan:current is what pods write',
    ],
    'a plan in force that is not in the list': [
      { plan: 'two' },
      'status.plan: Invalid value: must be the id of an entry of status.plans whose phase is Promoted',
    ],
    'a plan whose image is changed': [
      { plans: [plan('one', 'other:1', commitA)] },
      'status.plans[0]: Invalid value: a plan keeps its image and commit: add another entry',
    ],
    'a promoted plan made a candidate again': [
      { plan: null, plans: [plan('one', imageA, commitA, 'Candidate')] },
      'status.plans[0].phase: Invalid value: a plan that is Promoted or Failed stays so: add another entry',
    ],
  };
  for (const [sentence, [status, cause]] of Object.entries(refusedStatus)) {
    it(`is refused for ${sentence}`, async () => {
      expect(causesOf((await write(status)).body)).toEqual([cause]);
    });
  }
  it('is refused for more than 20 plans', async () => {
    const many = Array.from({ length: 21 }, (_, index) =>
      plan(index === 0 ? 'one' : `p${index}`, imageA, commitA),
    );
    expect((await write({ plans: many })).body['message']).toContain(
      'Too many: 21: must have at most 20 items',
    );
  });
});
