/** The first seven characters of a commit, as git writes it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** `registry.example/team/shop@sha256:3f1c…` as `shop@3f1c9ab`; a tag stays whole. */
export function shortImage(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  const [repository = name, digest] = name.split('@', 2);
  return digest === undefined ? name : `${repository}@${digest.replace(/^sha\d+:/, '').slice(0, 7)}`;
}

/** `1 job`, `2 jobs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;
}
