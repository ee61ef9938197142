import { useEffect, useState } from 'react';
import { announce } from './announce.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

const shownMs = 1_500;

/** Copies `text`; `what` is what it is called, as in "Copy commit". */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (): void => {
    copyText(text).then(
      () => {
        setCopied(true);
        announce(`Copied the ${what}.`);
      },
      () => announce(`The browser does not let this page copy: ${text}`),
    );
  };
  return (
    <Button kind="quiet" label={`Copy ${what}`} onPress={copy}>
      <Icon name={copied ? 'done' : 'copy'} />
    </Button>
  );
}

/** The clipboard is there over TLS and on localhost only. */
export async function copyText(text: string): Promise<void> {
  if (!('clipboard' in navigator)) throw new Error('no clipboard');
  await navigator.clipboard.writeText(text);
}
