/** The page that led here, where it said so: a path of this site. */
export function backIn(search: string): string | undefined {
  const back = new URLSearchParams(search).get('back');
  return back !== null && /^\/(?![/\\])/.test(back) ? back : undefined;
}
