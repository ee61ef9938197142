import { buildImages, listImages } from './build.ts';
import { alignColumns } from './image-table.ts';
import { endCommands } from './run-command.ts';

const USAGE = `Usage: node test/images/main.ts <command>
  build [name…]  build images that are missing or changed, all for no name
  list           name, reference and state of every image`;

async function build(names: readonly string[]): Promise<void> {
  const images = await buildImages(names, (line) => console.error(line));
  console.log(alignColumns(images.map(({ name, reference, archive }) => [name, reference, archive])));
  console.error('Next: load them into a node: ctr --namespace k8s.io images import <archive>');
}

async function list(): Promise<void> {
  const images = await listImages();
  console.log(
    alignColumns(
      images.map(({ name, reference, archive, built }) => [name, reference, built ? archive : 'not built']),
    ),
  );
  if (images.some(({ built }) => !built)) console.error('Next: node test/images/main.ts build');
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, endCommands);

const [command, ...rest] = process.argv.slice(2);
try {
  if (command === 'build') await build(rest);
  else if (command === 'list' && rest.length === 0) await list();
  else {
    console.error(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
