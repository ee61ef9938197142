import { troubleOf } from '../api/refusal.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface TroubleNoticeProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
  readonly retrying?: boolean;
}

export function TroubleNotice({ error, onRetry, retrying }: TroubleNoticeProps) {
  const { title, detail } = troubleOf(error);
  const retry =
    onRetry === undefined ? null : (
      <Button onPress={onRetry} pending={retrying ?? false}>
        Try again
      </Button>
    );
  return (
    <Notice kind="failed" title={title} action={retry}>
      {detail}
    </Notice>
  );
}
