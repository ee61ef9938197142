import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Link } from 'wouter';
import './button.css';

type Kind = 'primary' | 'plain' | 'quiet' | 'danger';

interface ButtonProps {
  readonly kind?: Kind;
  readonly children: ReactNode;
  /** Where the children say nothing to a screen reader. */
  readonly label?: string;
  readonly submits?: true;
  readonly disabled?: boolean;
  /** At work: said to a screen reader, and a second press does nothing. */
  readonly pending?: boolean;
  readonly pressed?: boolean;
  readonly onPress?: () => void;
}

export function Button({
  kind = 'plain',
  children,
  label,
  submits,
  disabled,
  pending,
  pressed,
  onPress,
}: ButtonProps) {
  return (
    <AriaButton
      className={`button button-${kind}`}
      type={submits === true ? 'submit' : 'button'}
      isDisabled={disabled ?? false}
      isPending={pending ?? false}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...(onPress === undefined ? {} : { onPress })}
    >
      {children}
    </AriaButton>
  );
}

interface ButtonLinkProps {
  readonly to: string;
  readonly kind?: Kind;
  readonly children: ReactNode;
}

/** Looks like a button and leads to a page. */
export function ButtonLink({ to, kind = 'plain', children }: ButtonLinkProps) {
  return (
    <Link to={to} className={`button button-${kind}`}>
      {children}
    </Link>
  );
}
