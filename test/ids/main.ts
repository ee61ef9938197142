/** Lists what can go wrong, by id, and the tests that show it does not. */
import { compareIds, findProofs, type Proof, readIds } from './find-proofs.ts';

const known = readIds();
const proofs = Map.groupBy(findProofs(), ({ id }) => id);
const ids = [...new Set([...known.keys(), ...proofs.keys()])].toSorted(compareIds);
const width = Math.max(...[...proofs.values()].flat().map(({ place }) => place.length));

for (const id of ids) {
  console.log(`${id.padEnd(4)} ${known.get(id) ?? ''}`.trimEnd());
  for (const proof of proofs.get(id) ?? []) console.log(line(proof));
}

const missing = [...known.keys()].filter((id) => !proofs.has(id));
console.log(`\n${known.size - missing.length} of ${known.size} ids of test/ids/ids.yaml have a test`);
if (missing.length > 0) {
  console.error(`without one: ${missing.join(', ')}\nput the id before the title of the test that shows it`);
  process.exitCode = 1;
}

function line({ tier, place, title }: Proof): string {
  return `     ${tier}  ${place.padEnd(width)}  ${title}`;
}
