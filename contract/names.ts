/** Every name that an engine, a policy, a manifest and a user's tool share. Policies cannot import it: test/contract.test.ts holds them to it. */
export const apiGroup = 'dbt-jobs.io';
export const apiVersion = 'dbt-jobs.io/v1alpha1';
export const kind = 'DbtProject';
export const plural = 'dbtprojects';

export const labels = {
  /** On a pod: the DbtProject of the pod's namespace that it runs. Its presence selects the pod. */
  project: 'dbt-jobs.io/project',
  /** On a pod: the id of the entry of status.plans to run; absent: the plan in force. */
  plan: 'dbt-jobs.io/plan',
  /** On a run: the job it belongs to, where no CronJob owns it. */
  job: 'dbt-jobs.io/job',
  /** On a namespace: the engine in charge of it. */
  engine: 'dbt-jobs.io/engine',
} as const;

export const annotations = {
  /** On a pod: the container that runs dbt. The engine writes its choice here. */
  container: 'dbt-jobs.io/container',
  /** On a pod: the UID of the DbtProject that an engine found. Only engines set it. */
  projectUid: 'dbt-jobs.io/project-uid',
  /** On a Job or bare Pod: the outcome of the run, JSON. */
  outcome: 'dbt-jobs.io/outcome',
  /** On a Job or bare Pod: who cancelled the run. */
  cancelledBy: 'dbt-jobs.io/cancelled-by',
  /** On a run: who asked for it. */
  triggeredBy: 'dbt-jobs.io/triggered-by',
  /** On a run: the UID of the run that it retries. */
  retryOf: 'dbt-jobs.io/retry-of',
  /** On a Job or bare Pod: the Slack message about the run, JSON. The watcher alone sets it. */
  slack: 'dbt-jobs.io/slack',
  /** On a run: `off` where nobody wants to be alerted of its failure; absent: on, where Slack is connected. */
  slackAlerts: 'dbt-jobs.io/slack-alerts',
  /** On a run: the channel of its alerts; absent: the organization's. */
  slackChannel: 'dbt-jobs.io/slack-channel',
} as const;

/** The Secret of an organization that connects it to Slack, with the keys `token` and `channel`. */
export const slackSecret = 'dbt-jobs-slack';

/** On a Job or bare Pod: the watcher has not yet told how the run ended, or nobody has its log yet (C31). */
export const finalizer = 'dbt-jobs.io/outcome';

export const engines = [
  'webhook',
  'kyverno-cluster-policy',
  'kyverno-mutating-policy',
  'mutating-admission-policy',
] as const;

/** The image a user writes. A tag that is not `latest`, so that the pull policy does not default to Always. */
export const planImage = 'plan:current';
/** The container taken for dbt where neither the annotation nor the image tells. */
export const dbtContainer = 'dbt';

export const containers = {
  gitSync: 'dbt-jobs-git-sync',
  packages: 'dbt-jobs-packages',
} as const;

export const reservedVolumePrefix = 'dbt-jobs-';
export const volumes = {
  repository: 'dbt-jobs-repository',
  work: 'dbt-jobs-work',
  /** The init containers' /tmp: their root filesystem is read-only. */
  tmp: 'dbt-jobs-tmp',
  /** Followed by the index of the entry in spec.credentials: a Secret's name may be as long as a volume's. */
  credentialsPrefix: 'dbt-jobs-credentials-',
  clone: 'dbt-jobs-clone',
  ca: 'dbt-jobs-ca',
  profiles: 'dbt-jobs-profiles',
} as const;

export const paths = {
  root: '/dbt-jobs',
  repository: '/dbt-jobs/repository',
  /** The symlink that git-sync makes; spec.repository.subdirectory follows it. */
  checkout: '/dbt-jobs/repository/current',
  work: '/dbt-jobs/work',
  tmp: '/tmp',
  /** Followed by `/` and the Secret's name. */
  credentials: '/dbt-jobs/credentials',
  clone: '/dbt-jobs/clone',
  ca: '/dbt-jobs/ca',
  caFile: '/dbt-jobs/ca/ca.crt',
  profiles: '/dbt-jobs/profiles',
  target: '/dbt-jobs/work/target',
  logs: '/dbt-jobs/work/logs',
} as const;

/** Environment of the dbt and packages containers that the engines set, and spec.environment may not. */
export const environment = {
  logFormat: { name: 'DBT_LOG_FORMAT', value: 'json' },
  useColors: { name: 'DBT_USE_COLORS', value: 'false' },
  targetPath: { name: 'DBT_TARGET_PATH', value: paths.target },
  logPath: { name: 'DBT_LOG_PATH', value: paths.logs },
  profilesDir: { name: 'DBT_PROFILES_DIR', value: paths.profiles },
} as const;

export const gitSync = {
  /** The official image; an installation pins another by a value of the chart. */
  image: 'registry.k8s.io/git-sync/git-sync:v4.7.1',
  /** The uid of the official image. */
  uid: 65533,
  syncTimeout: '300s',
  /** A clone is tried three times, five seconds apart: one lost packet must not cost a night's run. */
  maxFailures: 3,
  period: '5s',
  allowProtocol: { name: 'GIT_ALLOW_PROTOCOL', value: 'https:ssh' },
} as const;

/** Mode of mounted Secrets, 0440: with the pod's fsGroup a non-root container can read them (0400 it could not). */
export const secretMode = 0o440;
/** Mode of mounted ConfigMaps, 0444. */
export const configMapMode = 0o444;

/** Floor of a set `ttlSecondsAfterFinished`, so that the watcher sees the end of the run. */
export const ttlFloorSeconds = 3600;

/** What the plan Job runs; a list, because dbt's `&&` needs a shell and nothing of a user's enters it. */
export const planCommand = ['sh', '-c', 'dbt parse && dbt debug --connection'] as const;

/** Most bytes of a denial: the API server drops a message expression above 5,120. */
export const denialBytes = 5000;
