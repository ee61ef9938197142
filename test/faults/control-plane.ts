import { once } from 'node:events';
import http from 'node:http';
import { z } from 'zod';
import { ingestion, ingestionBatch, type IngestionReport } from '../../contract/ingestion.ts';

/** A control plane as the contract describes it, in memory. */
export interface ControlPlane {
  readonly port: number;
  /** Every report that was taken, in order, repeats too. */
  readonly reports: IngestionReport[];
  /** Answers with this status instead, and the header Retry-After. */
  refusal: { readonly status: number; readonly retryAfterSeconds: number } | undefined;
  /** The verdicts that came for a run, each once. */
  outcomes(runUid: string): string[];
  /** Text of a container's log, each line once; undefined before its end was told. */
  log(runUid: string, container: string): Log | undefined;
  close(): Promise<void>;
}

export interface Log {
  readonly lines: readonly string[];
  readonly gaps: readonly string[];
  readonly end: 'complete' | 'incomplete';
}

const batchOf = z.string().transform((text) => ingestionBatch.parse(JSON.parse(text)));

export async function startControlPlane(): Promise<ControlPlane> {
  const reports: IngestionReport[] = [];
  const server = http.createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (controlPlane.refusal !== undefined) {
      const { status, retryAfterSeconds } = controlPlane.refusal;
      response.writeHead(status, { 'retry-after': String(retryAfterSeconds) }).end();
    } else if (request.url !== ingestion.path || request.headers.authorization !== 'Bearer of-the-watcher') {
      response.writeHead(404).end();
    } else {
      reports.push(...batchOf.parse(body).reports);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"rejected":[]}');
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the control plane has no port');
  const controlPlane: ControlPlane = {
    port: address.port,
    reports,
    refusal: undefined,
    outcomes: (runUid) => outcomesOf(reports, runUid),
    log: (runUid, container) => logOf(reports, runUid, container),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return controlPlane;
}

function outcomesOf(reports: readonly IngestionReport[], runUid: string): string[] {
  const found = reports.flatMap((report) =>
    report.kind === 'outcome' && report.run.uid === runUid ? [report.outcome.reason] : [],
  );
  return [...new Set(found)];
}

function logOf(reports: readonly IngestionReport[], runUid: string, container: string): Log | undefined {
  const parts = reports.filter((report) => report.kind === 'log');
  const ofRun = parts.filter((part) => part.run.uid === runUid && part.container === container);
  const end = ofRun.find((part) => part.end !== undefined)?.end;
  if (end === undefined) return undefined;
  const lines = new Map<string, string>();
  for (const part of ofRun)
    for (const { at, n, text } of part.lines)
      lines.set(`${part.attempt} ${part.execution} ${at} ${String(n).padStart(6, '0')}`, text);
  const inOrder = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return { lines: inOrder, gaps: ofRun.flatMap(({ gaps }) => gaps.map(({ reason }) => reason)), end };
}
