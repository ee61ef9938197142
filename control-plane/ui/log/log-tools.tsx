import type { ReactNode } from 'react';
import type { LogMatches } from '../../wire/log.ts';
import { Button } from '../elements/button.tsx';
import { Icon } from '../elements/icon.tsx';
import { SearchField } from '../elements/search-field.tsx';

interface LogToolsProps {
  readonly picker: ReactNode;
  readonly typed: string;
  readonly onType: (text: string) => void;
  readonly matches: LogMatches | undefined;
  readonly searchError: unknown;
  readonly go: (from: number | undefined, step: 1 | -1) => number | undefined;
  readonly named: number | undefined;
  readonly wrap: boolean;
  readonly onWrap: (wrap: boolean) => void;
  readonly following: boolean;
  /** Absent where nothing more is coming. */
  readonly onFollow?: (following: boolean) => void;
  readonly download: string;
  readonly onShow: (line: number) => void;
  readonly onCopyLink: (line: number) => void;
}

export function LogTools(props: LogToolsProps) {
  const { named, wrap, onWrap, following, onFollow, download, onCopyLink } = props;
  return (
    <div className="log-tools">
      <div className="row log-search">
        {props.picker}
        <LogSearch {...props} />
      </div>
      <div className="row">
        {onFollow === undefined ? null : (
          <Button kind="quiet" pressed={following} onPress={() => onFollow(!following)}>
            Follow
          </Button>
        )}
        <Button kind="quiet" pressed={wrap} onPress={() => onWrap(!wrap)}>
          Wrap
        </Button>
        {named === undefined ? null : (
          <Button kind="quiet" onPress={() => onCopyLink(named)}>
            <Icon name="copy" /> Copy link to line {named + 1}
          </Button>
        )}
        <a className="button button-quiet" href={download} download>
          <Icon name="download" /> Download
        </a>
      </div>
    </div>
  );
}

function LogSearch({ typed, onType, matches, searchError, go, named, onShow }: LogToolsProps) {
  const step = (by: 1 | -1): void => {
    const line = go(named, by);
    if (line !== undefined) onShow(line);
  };
  const none = matches === undefined || matches.matches.length === 0;
  return (
    <>
      <SearchField
        label="Search the log"
        value={typed}
        onChange={onType}
        onEnter={(way) => step(way === 'backwards' ? -1 : 1)}
      />
      {typed === '' ? null : (
        <>
          <Button kind="quiet" label="Previous match" disabled={none} onPress={() => step(-1)}>
            <Icon name="up" />
          </Button>
          <Button kind="quiet" label="Next match" disabled={none} onPress={() => step(1)}>
            <Icon name="down" />
          </Button>
          <span className="quiet" role="status">
            {searchError !== null
              ? 'The search failed'
              : matches === undefined
                ? ''
                : countOf(matches, named)}
          </span>
        </>
      )}
    </>
  );
}

function countOf({ matches, total }: LogMatches, named: number | undefined): string {
  if (total === 0) return 'Not found';
  const index = named === undefined ? -1 : matches.indexOf(named);
  const all = total.toLocaleString('en-GB');
  return index === -1 ? `${all} ${total === 1 ? 'line' : 'lines'}` : `${index + 1} of ${all}`;
}
