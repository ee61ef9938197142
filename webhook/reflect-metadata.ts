/**
 * @peculiar/x509 finds its own parts through tsyringe, which refuses to load where Reflect has no decorator metadata.
 * None of those parts takes a constructor argument, so there is no metadata to keep, and nothing is what it reads.
 * Import this before it.
 */
Object.assign(Reflect, { getMetadata: nothing, getOwnMetadata: nothing, defineMetadata: nothing });

function nothing(): undefined {
  return undefined;
}
