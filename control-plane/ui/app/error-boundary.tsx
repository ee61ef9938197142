import { Component } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../elements/button.tsx';
import { Page } from '../elements/page.tsx';

interface Props {
  readonly children: ReactNode;
  /** Anything else here means another page: the failure of the last is over. */
  readonly place: string;
}

interface State {
  readonly error?: unknown;
  readonly place: string;
}

/** The last line: a page that fails says so, and the others go on. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { place: this.props.place };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error ?? new Error('unknown') };
  }

  static getDerivedStateFromProps({ place }: Props, state: State): State | null {
    return place === state.place ? null : { place };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />;
  }
}

/** A part of the page that is loaded when needed is gone from the server once a newer version is installed. */
function Broken({ error }: { readonly error: unknown }) {
  const outdated = error instanceof TypeError && /module|import/i.test(error.message);
  return (
    <Page title={outdated ? 'There is a newer version of this page' : 'This page has failed'} width="text">
      <p>
        {outdated
          ? 'dbt Jobs was updated while this page was open.'
          : 'The fault is in the page; jobs and runs are not affected, and the other pages work.'}
      </p>
      {outdated || !(error instanceof Error) ? null : (
        <p className="mono quiet wrap-anywhere">{error.message}</p>
      )}
      <div className="row">
        <Button kind="primary" onPress={() => location.reload()}>
          Reload
        </Button>
      </div>
    </Page>
  );
}
