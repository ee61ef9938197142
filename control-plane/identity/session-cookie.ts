import type { IncomingMessage } from 'node:http';

/**
 * The user's token in a cookie that scripts cannot read. Nothing is kept on the server: any replica knows the user, and the
 * API server alone says how long the token holds. Gone with the browser.
 */
export interface SessionCookie {
  read(req: Pick<IncomingMessage, 'headers'>): string | undefined;
  /** Values of Set-Cookie. */
  set(token: string): string;
  clear(): string;
}

/** Browsers drop a cookie of more than 4,096 bytes, name and attributes included, without a word. */
export const longestToken = 3900;

export function sessionCookie({ secure }: { readonly secure: boolean }): SessionCookie {
  // The prefix has the browser see to it that no other host and no plain connection has set it.
  const name = secure ? '__Host-dbt-jobs' : 'dbt-jobs';
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    read({ headers }) {
      const found = (headers.cookie ?? '')
        .split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${name}=`));
      const value = found?.slice(name.length + 1);
      return value === undefined || value === '' ? undefined : value;
    },
    set: (token) => `${name}=${token}${attributes}`,
    clear: () => `${name}=; Max-Age=0${attributes}`,
  };
}
