import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { Identity } from '../../wire/organization.ts';
import { identityQuery } from '../api/queries.ts';
import { command } from '../api/request.ts';
import { Button } from '../elements/button.tsx';
import { pages } from './pages.ts';
import './top-bar.css';

export function TopBar() {
  const { data: identity } = useQuery(identityQuery);
  return (
    <header className="top-bar">
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <Link to={pages.organizations()} className="brand">
        <img src="/icon.svg" alt="" width="20" height="20" />
        dbt Jobs
      </Link>
      {identity === undefined ? null : <Who identity={identity} />}
    </header>
  );
}

function Who({ identity }: { readonly identity: Identity }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const signOut = useMutation({
    mutationFn: () => command('/session', { method: 'DELETE' }),
    onSuccess: () => {
      navigate(pages.signIn('/'));
      client.clear();
    },
  });
  return (
    <div className="who">
      <span className="quiet clip" title={identity.user}>
        {identity.user}
      </span>
      {identity.by === 'proxy' ? null : (
        <Button kind="quiet" onPress={() => signOut.mutate()} pending={signOut.isPending}>
          Sign out
        </Button>
      )}
    </div>
  );
}
