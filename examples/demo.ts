import { setUp } from './demo/set-up.ts';
import { tellStory } from './demo/story.ts';
import { tellChapter } from './demo/tell.ts';

/** `node examples/demo.ts` tells the whole story; with the argument `setup` it ends when everything stands. */
tellChapter('A cluster with dbt Jobs installed, a git server and a warehouse');
try {
  const demo = await setUp();
  if (process.argv[2] !== 'setup') await tellStory(demo);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
