import { readFileSync } from 'node:fs';
import { clusterPrefix } from './config.ts';
import { infrastructure, organization, project } from './names.ts';
import { Repository } from './repository.ts';
import { expectSuccess, finished, imageAndCommit, jobManifest, runJob, tellLog, tellOutcome } from './run.ts';
import type { Demo } from './set-up.ts';
import { expectThat, tell, tellChapter, tellCommand, tellOutput } from './tell.ts';
import { eventually } from './wait.ts';

const root = new URL('../../', import.meta.url).pathname;
const images = { first: 'dbt-jobs.local/demo-plan:1', second: 'dbt-jobs.local/demo-plan:2' } as const;

/** What later chapters need of earlier ones. */
interface Story extends Demo {
  readonly repository: Repository;
}

/** Tells the main job from a push to a denied pod. @throws as soon as anything is not as told. */
export async function tellStory(demo: Demo): Promise<void> {
  await clear(demo);
  const story = { ...demo, repository: new Repository(demo.commands, project) };
  try {
    const first = await tellProject(story);
    await tellPlan(story, first, images.first);
    await tellExplain(story);
    await tellSchedule(story, first);
    await tellByHand(story);
    await tellCommands(story);
    await tellPushWithoutPlan(story, first);
    await tellFailure(story);
    await tellDenial(story);
    await tellNext(story);
  } finally {
    story.repository.remove();
  }
}

async function clear({ commands }: Demo): Promise<void> {
  const objects = ['cronjobs,jobs,dbtprojects', '--all', '-n', organization, '--ignore-not-found', '--wait'];
  await commands.kubectl('delete', ...objects, '--cascade=foreground');
  await query(commands, 'drop schema if exists shop, shop_raw, shop_snapshots, raw, snapshots cascade');
}

async function tellProject({ commands, git, repository }: Story): Promise<string> {
  tellChapter('A dbt project in a git server, and a DbtProject that names it');
  const packages = new Repository(commands, 'dbt-packages');
  packages.copy('package');
  await packages.commit('A package with one macro');
  await packages.tag('v1.0.0');
  await packages.push(git);
  packages.remove();
  repository.copy('project');
  const commit = await repository.commit('The shop');
  await repository.push(git);
  tell(`pushed ${commit} over TLS from a private CA, with a password`);
  tellCommand('kubectl apply -f examples/dbtproject.yaml');
  tellOutput(await commands.kubectl('apply', '-f', `${root}examples/dbtproject.yaml`));
  await eventually('the project says that it has no plan', 30, async () => {
    const table = await commands.kubectl('get', 'dbtprojects', '-n', organization);
    return table.includes('NoPlan') ? table : undefined;
  });
  tellCommand(`kubectl get dbtprojects -n ${organization}`);
  tellOutput(await commands.kubectl('get', 'dbtprojects', '-n', organization));
  return commit;
}

async function tellPlan({ commands }: Story, commit: string, image: string): Promise<void> {
  tellChapter('A plan: an image and the commit it was built from, tried before it is in force');
  await plan(commands, commit, image);
  tellCommand(`kubectl get dbtprojects -n ${organization}`);
  tellOutput(await commands.kubectl('get', 'dbtprojects', '-n', organization));
}

async function plan(commands: Demo['commands'], commit: string, image: string): Promise<void> {
  const args = ['dbt', 'plan', project, '-n', organization, '--image', image, '--commit', commit, '--wait'];
  tellCommand(`kubectl ${args.join(' ')}`);
  const { code, stdout, stderr } = await commands.try('kubectl', args);
  tellOutput(stdout + stderr);
  expectThat(code === 0, 'the plan is promoted');
}

async function tellExplain({ commands }: Story): Promise<void> {
  tellChapter('The pod before and after admission');
  const manifest = jobManifest('explained', ['dbt', 'build']);
  tell('what the user writes:');
  tellOutput(manifest);
  tellCommand('kubectl dbt explain -f job.yaml');
  const args = ['dbt', 'explain', '-n', organization, '-f', '-'];
  const { code, stdout, stderr } = await commands.try('kubectl', args, { input: manifest });
  tellOutput(stdout + stderr, 120);
  expectThat(code === 0 && stdout.includes('dbt-jobs-git-sync'), 'admission injects git-sync');
}

async function tellSchedule({ commands }: Story, commit: string): Promise<void> {
  tellChapter('A CronJob fires on its schedule');
  const file = `${root}examples/jobs/nightly.yaml`;
  tellCommand('kubectl apply -f examples/jobs/nightly.yaml   # here with the schedule "* * * * *"');
  const everyMinute = readFileSync(file, 'utf8').replace(/schedule: .*/, 'schedule: "* * * * *"');
  tellOutput(await commands.apply(everyMinute));
  const job = await eventually('the CronJob has made a Job', 90, async () => {
    const jobs = await commands.list('job', organization, 'dbt-jobs.io/project');
    return jobs.find(({ metadata }) => metadata.name.startsWith('nightly-'));
  });
  await commands.kubectl(
    'patch',
    'cronjob',
    'nightly',
    '-n',
    organization,
    '-p',
    '{"spec":{"suspend":true}}',
  );
  const run = await finished(commands, job.metadata.name);
  await tellLog(
    commands,
    run.pod.metadata.name,
    'dbt-jobs-git-sync',
    new RegExp(`updated successfully.*${commit}`),
  );
  await tellLog(commands, run.pod.metadata.name, 'dbt', /Completed|Done\. PASS/);
  tellOutcome(job.metadata.name, run);
  expectSuccess(job.metadata.name, run);
  expectThat(imageAndCommit(run).commit === commit, 'the clone is of the commit of the plan');
  tellCommand(`kubectl exec -n ${infrastructure} deployment/warehouse -- psql …   # rows of every table`);
  tellOutput(await query(commands, rowCounts));
}

const rowCounts = `select table_schema || '.' || table_name as relation,
  (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', table_schema, table_name), false, true, '')))[1]::text::int as rows
  from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') order by 1`;

/** Rows are told aligned, as psql prints them. */
function query(commands: Demo['commands'], sql: string): Promise<string> {
  const psql = 'PGPASSWORD="$POSTGRES_PASSWORD" psql -h /tmp -U dbt -d warehouse -X -q -f -';
  const args = ['exec', '-i', '-n', infrastructure, 'deployment/warehouse', '--', 'sh', '-c', psql];
  return commands.run('kubectl', args, { input: sql });
}

async function tellByHand({ commands }: Story): Promise<void> {
  tellChapter('A run by hand');
  const name = 'nightly-by-hand';
  tellCommand(`kubectl create job -n ${organization} --from=cronjob/nightly ${name}`);
  tellOutput(await commands.kubectl('create', 'job', '-n', organization, '--from=cronjob/nightly', name));
  const run = await finished(commands, name);
  tellOutcome(name, run);
  expectSuccess(name, run);
}

async function tellCommands({ commands }: Story): Promise<void> {
  tellChapter('One run of each of the five dbt commands');
  for (const command of ['seed', 'run', 'snapshot', 'test', 'build']) {
    expectSuccess(command, await runJob(commands, command, ['dbt', command]));
  }
}

async function tellPushWithoutPlan({ commands, git, repository }: Story, commit: string): Promise<void> {
  tellChapter('A push without a plan changes nothing');
  repository.copy('changes/harmless');
  const pushed = await repository.commit('One column more');
  await repository.push(git);
  tell(`pushed ${pushed}, made no plan`);
  const run = await runJob(commands, 'after-push', ['dbt', 'ls']);
  const ran = imageAndCommit(run);
  tell(`it ran ${ran.image} at ${ran.commit}`);
  expectThat(
    ran.commit === commit && ran.image === images.first,
    'the old commit and the old image still run',
  );
}

async function tellFailure({ commands, git, repository }: Story): Promise<void> {
  tellChapter('A dbt test that fails, its cause, and the recovery');
  repository.copy('changes/failing-test');
  const broken = await repository.commit('A customer twice');
  await repository.push(git);
  await plan(commands, broken, images.second);
  const run = await runJob(commands, 'failing', ['dbt', 'build']);
  expectThat(
    run.outcome.reason === 'DbtHandledError',
    `the reason is DbtHandledError, not ${run.outcome.reason}`,
  );
  expectThat(imageAndCommit(run).image === images.second, 'the image of the new plan runs');
  tellCommand(`kubectl get events -n ${organization} --field-selector involvedObject.name=failing`);
  tellOutput(await eventsOf(commands, 'failing'));
  repository.copy('project');
  const mended = await repository.commit('Each customer once');
  await repository.push(git);
  await plan(commands, mended, images.second);
  expectSuccess('recovered', await runJob(commands, 'recovered', ['dbt', 'build']));
}

async function tellDenial({ commands }: Story): Promise<void> {
  tellChapter('A pod that is denied, and the warning before it');
  const wrong = jobManifest('wrong', ['dbt', 'build']).replace('plan:current', 'evil:1');
  tellCommand('kubectl apply -f wrong.yaml   # image: evil:1');
  const warned = await commands.try('kubectl', ['apply', '-f', '-'], { input: wrong });
  tellOutput(warned.stdout + warned.stderr);
  expectThat(warned.stderr.includes('spec.containers["dbt"].image is "evil:1"'), 'creating the Job warns');
  const denied = await eventually('the Job has a FailedCreate Event', 60, async () => {
    const events = await eventsOf(commands, 'wrong');
    return events.includes('FailedCreate') ? events : undefined;
  });
  tellCommand(`kubectl get events -n ${organization} --field-selector involvedObject.name=wrong`);
  tellOutput(denied);
  expectThat(
    denied.includes('dbt-jobs: 1 problem(s) with DbtProject "shop"'),
    'the pod is denied with our text',
  );
  await commands.kubectl('delete', 'job', 'wrong', '-n', organization);
  await tellUnknownProject(commands);
}

async function tellUnknownProject(commands: Demo['commands']): Promise<void> {
  const pod = `apiVersion: v1
kind: Pod
metadata: { name: unknown, namespace: ${organization}, labels: { dbt-jobs.io/project: nope } }
spec: { restartPolicy: Never, containers: [{ name: dbt, image: "plan:current" }] }
`;
  tellCommand('kubectl apply -f pod.yaml   # dbt-jobs.io/project: nope');
  const { code, stderr } = await commands.try('kubectl', ['apply', '-f', '-'], { input: pod });
  tellOutput(stderr);
  expectThat(code !== 0 && stderr.includes('there is no such project'), 'an unknown project is denied');
}

/** Of the Job that is there now: one of an earlier telling, with the same name, has left Events, too. */
async function eventsOf(commands: Demo['commands'], job: string): Promise<string> {
  const uid = await commands.kubectl('get', 'job', job, '-n', organization, '-o', 'jsonpath={.metadata.uid}');
  return commands.kubectl(
    'get',
    'events',
    '-n',
    organization,
    '--field-selector',
    `involvedObject.uid=${uid}`,
  );
}

async function tellNext({ commands }: Story): Promise<void> {
  tellChapter('What to look at next');
  tellOutput(await commands.kubectl('get', 'dbtprojects,cronjobs,jobs', '-n', organization));
  tell('');
  tell('The cluster is left running. For your shell:');
  tellOutput(`export KUBECONFIG='${commands.env['KUBECONFIG'] ?? ''}'`);
  tellOutput(`export PATH='${(commands.env['PATH'] ?? '').split(':').slice(0, 2).join(':')}':"$PATH"`);
  tell('Then:');
  tellOutput(
    [
      `kubectl describe dbtproject ${project} -n ${organization}`,
      `kubectl get events -n ${organization}`,
      `kubectl get job failing -n ${organization} -o jsonpath='{.metadata.annotations.dbt-jobs\\.io/outcome}'`,
      'kubectl explain dbtproject.spec',
      `${clusterPrefix}make cluster-down`,
    ].join('\n'),
  );
}
