import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Api } from './api.ts';
import { must } from './api.ts';

/** Where a Service is, and which port of this machine answers for it. */
export interface HostService {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/**
 * A Service whose one endpoint is a port of this machine, at the address from which it reaches the API server: only a cluster
 * that runs here can come back to it. Replaces one of that name; the namespace must be there.
 */
export async function makeHostService(api: Api, { namespace, name, port }: HostService): Promise<void> {
  await removeHostService(api, { namespace, name });
  await must(api, [201], 'POST', `/api/v1/namespaces/${namespace}/services`, {
    metadata: { name },
    spec: { ports: [{ name: 'https', port: 443, targetPort: port }] },
  });
  await must(api, [201], 'POST', slicesOf(namespace), {
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [await ownAddress(api.address)], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  });
}

export async function removeHostService(
  api: Api,
  { namespace, name }: Pick<HostService, 'namespace' | 'name'>,
): Promise<void> {
  await api.request('DELETE', `${slicesOf(namespace)}/${name}`);
  await api.request('DELETE', `/api/v1/namespaces/${namespace}/services/${name}`);
}

function slicesOf(namespace: string): string {
  return `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
}

async function ownAddress(server: string): Promise<string> {
  const { hostname, port } = new URL(server);
  const socket = connect(Number(port === '' ? 443 : port), hostname);
  await once(socket, 'connect');
  const { address } = socket.address() as AddressInfo;
  socket.destroy();
  return address;
}
