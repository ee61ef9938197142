import { KubeError } from '../kube/kube-error.ts';
import { StoreUnavailableError, UnknownCursorError } from '../store/store.ts';
import { invalid, Refusal } from './refusal.ts';

/** Seconds after which a reader tries again what only waits for a part that is away. */
const retryAfter = { 'Retry-After': '5' };

/** What the reader is told of anything that was thrown; undefined of what nobody thought of, which is logged. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof KubeError) return ofKube(error);
  if (error instanceof UnknownCursorError)
    return invalid([{ field: 'before', message: 'must be `next` of an earlier answer' }]);
  if (error instanceof StoreUnavailableError) return new Refusal(storeAway, retryAfter, error);
  return ofBody(error);
}

const storeAway = {
  status: 503,
  title: 'The database of the control plane does not answer',
  detail: 'What runs goes on, and the watcher keeps what it has to tell. Try again in a moment.',
};

export const unexpected = new Refusal({
  status: 500,
  title: 'Something went wrong that is not your request',
  detail: 'The log of the control plane says what.',
});

function ofKube(error: KubeError): Refusal {
  const { status, message: title, causes } = error;
  const errors = causes.filter(({ message }) => message !== '');
  switch (status) {
    case 400:
    case 422:
      return new Refusal({ status: 422, title, ...(errors.length > 0 && { errors: [...errors] }) });
    case 403:
      return new Refusal({ status, title, detail: 'Ask who manages the roles of this organization.' });
    case 404:
      return new Refusal({ status, title });
    case 409:
      return new Refusal({ status, title, detail: 'Load it again, and make the change once more.' });
    default:
      return new Refusal(
        {
          status: 503,
          title: 'The Kubernetes API server does not answer',
          detail: 'What runs goes on, and nothing is lost. Try again in a moment.',
        },
        error.retryAfterSeconds === undefined
          ? retryAfter
          : { 'Retry-After': String(error.retryAfterSeconds) },
        error,
      );
  }
}

/** Of body-parser: the reader's mistakes, by their status. */
function ofBody(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('type' in error)) return undefined;
  switch (error.type) {
    case 'entity.parse.failed':
      return new Refusal({ status: 400, title: 'The body is no JSON' });
    case 'entity.too.large':
      return new Refusal({ status: 413, title: 'The body is too large' });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Refusal({ status: 415, title: 'The body must be JSON in UTF-8' });
    default:
      return typeof error.status === 'number' && error.status < 500
        ? new Refusal({ status: error.status, title: 'The request cannot be read' })
        : undefined;
  }
}
