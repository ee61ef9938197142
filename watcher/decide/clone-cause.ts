/** What git and ssh print, and what each means here; the first that fits counts. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/can't read password file/, 'the key "password" of the clone Secret cannot be read'],
  [/Permission denied \(publickey/, 'the server refused the SSH key of the clone'],
  [
    /Host key verification failed|HOST IDENTIFICATION HAS CHANGED/,
    'the host key is not the one in known_hosts',
  ],
  [
    /Authentication failed|could not read (?:Username|Password)|returned error: 40[13]|Access denied/,
    'the server refused the user or password of the clone',
  ],
  [
    /not our ref|couldn't find remote ref|unadvertised object|not a tree|bad object/,
    'the repository does not have the commit of the plan',
  ],
  [/certificate|SSL|TLS/, 'the certificate of the server is not trusted: see spec.repository.caBundle'],
  [
    /Could not resolve|Name or service not known|name resolution|no such host/i,
    'the name of the server cannot be resolved',
  ],
  [
    /returned error: 30\d|update url base from redirection/,
    'the server redirects, which is not followed: write the URL as the server wants it',
  ],
  [
    /repository {1,2}not found|returned error: 404|Repository not found|not appear to be a git/,
    'there is no such repository, or its credentials may not see it',
  ],
  [
    /Failed to connect|Couldn't connect|Connection (?:refused|timed out|reset)|No route to host|unreachable/,
    'the server cannot be reached',
  ],
  [/Operation too slow|context deadline exceeded/, 'the server fell silent'],
  [/No space left on device/, 'the volume of the repository is full'],
];

/** git-sync's own lines are of some hundred characters; a server's answer may be of any length. */
const mostLength = 4000;
const quotedLength = 500;

/**
 * Why the clone failed, from the last words of git-sync: `<what it means>: <git's own line>`; undefined where they hold
 * no error.
 */
export function cloneCause(log: string): string | undefined {
  const error = lastError(log);
  if (error === undefined) return undefined;
  const lines = linesOf(error);
  // ssh tells its cause above git's own "Could not read from remote repository".
  const told = lines.find((line) => meaningOf(line) !== undefined) ?? lines.at(-1) ?? error;
  const meaning = meaningOf(told);
  return `${meaning === undefined ? '' : `${meaning}: `}${told.slice(0, quotedLength)}`;
}

/** An address may hold any of the words. */
function meaningOf(line: string): string | undefined {
  const words = line.replaceAll(/'?[a-z+]{1,10}:\/\/[^\s']+'?/g, '');
  return meanings.find(([shape]) => shape.test(words))?.[1];
}

/** git-sync writes an object a line, and each attempt's error in its field `error`; git itself writes plain lines. */
function lastError(log: string): string | undefined {
  for (const line of log.split('\n').toReversed()) {
    const error = /"error":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
    if (error !== undefined) return unquoted(error).slice(-mostLength);
  }
  return log.includes('fatal: ') ? log.slice(-mostLength) : undefined;
}

/** What git printed, of `Run(git fetch …): exit status 128: { stdout: "…", stderr: "…" }`; its `fatal:` line last. */
function linesOf(error: string): string[] {
  const at = error.lastIndexOf('stderr: "');
  const printed = at < 0 ? error : unquoted(error.slice(at + 'stderr: '.length).replace(/" \}$/, '"'));
  const lines = printed.split(/[\r\n]+/).map((line) => line.trim());
  const isFatal = (line: string) => line.startsWith('fatal: ');
  return [...lines.filter((line) => line !== '' && !isFatal(line)), ...lines.filter(isFatal)];
}

function unquoted(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
