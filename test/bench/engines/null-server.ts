/**
 * The least that a mutating webhook on Node can do: TLS, the review parsed, a constant patch. It runs in the image of the
 * webhook, as it does; what an engine takes is told as a multiple of it.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const certificate = '/certificate';
/** Longer than the 90 s for which the API server keeps an idle connection. */
const keepAliveTimeoutMs = 95_000;
const patch = Buffer.from(
  JSON.stringify([{ op: 'add', path: '/metadata/annotations', value: { null: 'webhook' } }]),
).toString('base64');

const options = {
  cert: readFileSync(`${certificate}/tls.crt`),
  key: readFileSync(`${certificate}/tls.key`),
  noDelay: true,
};
const server = createServer(options, (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    const review: unknown = JSON.parse(Buffer.concat(chunks).toString());
    const body = JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: uidOf(review), allowed: true, patchType: 'JSONPatch', patch },
    });
    res.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
});
server.keepAliveTimeout = keepAliveTimeoutMs;
server.listen(8443);

function uidOf(review: unknown): unknown {
  if (typeof review !== 'object' || review === null || !('request' in review)) return undefined;
  const { request } = review;
  return typeof request === 'object' && request !== null && 'uid' in request ? request.uid : undefined;
}
