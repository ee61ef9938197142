import { z } from 'zod';
import type { KubeClient } from './client.ts';

/** Objects a page. */
const pageSize = 500;
const page = z.object({
  metadata: z.object({ continue: z.string().optional() }),
  items: z.array(z.unknown()),
});

/** Every object of a list, page after page. Throws KubeError: 410 where the list grew old between two pages. */
export async function listAll(
  kube: KubeClient,
  path: string,
  { labelSelector, signal }: { readonly labelSelector?: string; readonly signal?: AbortSignal } = {},
): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let next: string | undefined;
  do {
    const query = {
      limit: String(pageSize),
      ...(labelSelector !== undefined && { labelSelector }),
      ...(next !== undefined && { continue: next }),
    };
    const read = page.parse(await kube.request({ path, query, ...(signal !== undefined && { signal }) }));
    items.push(...read.items);
    next = read.metadata.continue === '' ? undefined : read.metadata.continue;
  } while (next !== undefined);
  return items;
}
