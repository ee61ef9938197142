import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { mustRun } from './command.ts';

const reviewSchema = z.object({ request: z.object({ uid: z.string() }) });

export type DenyingWebhook = { port: number; certificate: string; stop: () => void };

const makeCertificate = async (dir: string, dnsName: string): Promise<{ cert: string; key: string }> => {
  const [cert, key] = [join(dir, 'tls.crt'), join(dir, 'tls.key')];
  await mustRun('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '1'],
    ...['-subj', `/CN=${dnsName}`, '-addext', `subjectAltName=DNS:${dnsName}`, '-keyout', key, '-out', cert],
  ]);
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
};

/** An admission webhook on the host that denies everything with `message`. */
export const startDenyingWebhook = async (
  address: string,
  dnsName: string,
  message: string,
): Promise<DenyingWebhook> => {
  const dir = await mkdtemp(join(tmpdir(), 'webhook-'));
  const { cert, key } = await makeCertificate(dir, dnsName).finally(() => rm(dir, { recursive: true }));
  const server = createServer({ cert, key }, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { uid } = reviewSchema.parse(JSON.parse(body)).request;
      const review = { uid, allowed: false, status: { message } };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: review }),
      );
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  const listening = server.address();
  if (listening === null || typeof listening === 'string')
    throw new Error(`${address}: no port to listen on`);
  return {
    port: listening.port,
    certificate: cert,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
