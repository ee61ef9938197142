import { z } from 'zod';
import { type DbtLog, summarize } from '../../watcher/dbt/log.ts';
import { type DbtNode, firstWords } from '../../watcher/dbt/nodes.ts';
import { statusWord } from '../../watcher/dbt/event.ts';

/** run_results.json, as far as every schema version and dbt 2 have it: dbt 2 leaves out message and failures. */
const artifact = z.object({
  metadata: z.object({ invocation_id: z.string().catch(''), generated_at: z.string().catch('') }),
  elapsed_time: z.number().nonnegative().optional().catch(undefined),
  results: z.array(
    z.object({
      unique_id: z.string().min(1),
      status: z.string(),
      message: z.string().nullish().catch(undefined),
      failures: z.number().nullish().catch(undefined),
      thread_id: z.string().nullish().catch(undefined),
      execution_time: z.number().nonnegative().optional().catch(undefined),
    }),
  ),
});

export type RunResults = z.output<typeof artifact>;

/** Undefined for a file that is cut off or is none: dbt writes it at its very end, or not at all. */
export function readRunResults(text: string): RunResults | undefined {
  try {
    return artifact.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * The log with the file's word on each node. A file of another invocation was left by an earlier run and changes nothing;
 * where the log has no ids, one that was written before dbt started.
 */
export function withRunResults(log: DbtLog, results: RunResults, dbtStartedAt: string | undefined): DbtLog {
  const { invocations = [] } = log;
  const { metadata } = results;
  const ids = invocations.flatMap(({ id }) => id ?? []);
  const isOurs =
    ids.length > 0
      ? ids.includes(metadata.invocation_id)
      : Date.parse(metadata.generated_at) >= Date.parse(dbtStartedAt ?? '');
  if (!isOurs) return log;
  const others = invocations.filter(({ id }) => id !== undefined && id !== metadata.invocation_id);
  const nodes = [...others.flatMap((other) => other.nodes), ...results.results.map(nodeOf)];
  const last = new Map(nodes.map((node) => [node.uniqueId, node]));
  const elapsedSeconds = results.elapsed_time;
  const ours = { nodes: [], ...(elapsedSeconds !== undefined && { elapsedSeconds }) };
  const summary = summarize([...last.values()], [...others, ours]);
  return { ...log, ...(summary && { summary }) };
}

function nodeOf(result: RunResults['results'][number]): DbtNode {
  const rows =
    result.status === 'fail' && result.failures ? `the test found ${result.failures} rows` : undefined;
  const message = result.message ? firstWords(result.message) : rows;
  return {
    uniqueId: result.unique_id,
    status: statusWord(result.status),
    ...(message !== undefined && { message }),
    ...(result.thread_id && { thread: result.thread_id }),
    ...(result.execution_time !== undefined && { seconds: result.execution_time }),
  };
}
