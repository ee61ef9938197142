import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { isRefusal, troubleOf } from '../api/refusal.ts';
import { command } from '../api/request.ts';
import { nextPage } from '../app/pages.ts';
import { Button } from '../elements/button.tsx';
import { Page } from '../elements/page.tsx';
import { TextField } from '../elements/text-field.tsx';
import { tokenIn } from './token-in-address.ts';
import './sign-in-page.css';

/** With a token pasted, or with the one of a link, which is taken out of the address before anything else. */
export function SignInPage() {
  const [token, setToken] = useState('');
  const signIn = useSignIn();
  useSignInByLink(signIn.mutate);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    signIn.mutate(token.trim());
  };
  return (
    <div className="sign-in">
      <Page title="Sign in to dbt Jobs" width="text">
        <form className="stack" onSubmit={submit}>
          <TextField
            label="Token"
            type="password"
            value={token}
            onChange={setToken}
            autoFocus
            description="Of a user or ServiceAccount of the cluster. It is exchanged for a session; the page does not keep it."
            {...(signIn.error === null ? {} : { error: refusalText(signIn.error) })}
          />
          <div className="row">
            <Button kind="primary" submits disabled={token.trim() === ''} pending={signIn.isPending}>
              Sign in
            </Button>
          </div>
        </form>
        <p className="quiet">
          To get one: <code>kubectl create token &lt;service account&gt; -n &lt;namespace&gt;</code>
        </p>
      </Page>
    </div>
  );
}

function useSignIn() {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (token: string) => command('/session', { method: 'POST', body: { token } }),
    onSuccess: () => {
      // What another user has seen is not for this one.
      client.clear();
      navigate(nextPage(location.search), { replace: true });
    },
  });
}

function useSignInByLink(signIn: (token: string) => void): void {
  useEffect(() => {
    const token = tokenIn(location.hash);
    if (token === undefined) return;
    history.replaceState(null, '', location.pathname + location.search);
    signIn(token);
  }, [signIn]);
}

function refusalText(error: unknown): string {
  const { title, detail } = troubleOf(error);
  const cause = detail === undefined ? title : `${title} ${detail}`;
  return isRefusal(error, 401) && detail === undefined
    ? `${title} Get a new token and paste it whole.`
    : cause;
}
