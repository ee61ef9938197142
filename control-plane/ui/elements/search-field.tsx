import type { KeyboardEvent } from 'react';
import { Icon } from './icon.tsx';
import { useSlash } from './use-slash.ts';
import './search-field.css';

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onEnter?: (backwards: 'backwards' | 'forwards') => void;
}

/** `/` leads here, Esc empties it, then leaves it. */
export function SearchField({ label, value, onChange, onEnter }: SearchFieldProps) {
  const field = useSlash();
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') onEnter?.(event.shiftKey ? 'backwards' : 'forwards');
    if (event.key !== 'Escape') return;
    if (value === '') field.current?.blur();
    else onChange('');
  };
  return (
    <label className="search-field">
      <span className="unseen">{label}</span>
      <Icon name="search" />
      <input
        ref={field}
        className="input"
        type="search"
        placeholder={`${label}  /`}
        autoComplete="off"
        spellCheck="false"
        aria-keyshortcuts="/"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKey}
      />
    </label>
  );
}
