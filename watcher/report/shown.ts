import type { Outcome } from '../../contract/outcome.ts';
import { redact } from './redact.ts';

/** Most bytes of an outcome's message, and of one failed node's. */
export const messageBytes = 1024;
export const nodeMessageBytes = 256;
export const mostFailedNodes = 10;

/** The outcome as it may leave the watcher: without secrets, and short. */
export function shownOutcome(outcome: Outcome): Outcome {
  const { dbt } = outcome;
  const unfinishedNodes = dbt?.unfinishedNodes?.slice(0, mostFailedNodes).map(shownNodeText);
  return {
    ...outcome,
    message: shownText(outcome.message, messageBytes),
    ...(dbt && {
      dbt: {
        ...dbt,
        failedNodes: dbt.failedNodes.slice(0, mostFailedNodes).map((node) => ({
          uniqueId: shownNodeText(node.uniqueId),
          status: node.status,
          message: shownNodeText(node.message),
        })),
        ...(unfinishedNodes && { unfinishedNodes }),
      },
    }),
  };
}

function shownNodeText(text: string): string {
  return shownText(text, nodeMessageBytes);
}

/** The text on one line, without secrets, and in so many bytes. */
export function shownText(text: string, bytes: number): string {
  return cut(redact(oneLine(text)), bytes);
}

/** At most so many bytes of UTF-8, never half a character. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const ellipsis = '…';
  const room = Buffer.from(text).subarray(0, bytes - Buffer.byteLength(ellipsis));
  return new TextDecoder().decode(room, { stream: true }) + ellipsis;
}

/** Control characters could forge a second line in a terminal or a log. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}
