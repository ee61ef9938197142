import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun } from './command.ts';
import type { NetworkPlan } from './network-plan.ts';

/** Longer than any cluster made for a test or a demo lives. */
const validDays = '3650';

export type Certificate = {
  name: string;
  subject: string;
  issuer: 'ca' | 'front-proxy-ca';
  usage: 'clientAuth' | 'serverAuth';
  names?: readonly string[];
};

/** Each component is its own user, with the rights that Kubernetes' own roles give that user. */
export const certificatesFor = (nodeName: string, plan: NetworkPlan): Certificate[] => [
  {
    name: 'kube-apiserver',
    subject: '/CN=kube-apiserver',
    issuer: 'ca',
    usage: 'serverAuth',
    names: [
      'DNS:kubernetes',
      'DNS:kubernetes.default',
      'DNS:kubernetes.default.svc',
      'DNS:kubernetes.default.svc.cluster.local',
      'DNS:localhost',
      'IP:127.0.0.1',
      `IP:${plan.nodeAddress}`,
      `IP:${plan.kubernetesAddress}`,
    ],
  },
  {
    name: 'kubelet',
    subject: `/CN=${nodeName}`,
    issuer: 'ca',
    usage: 'serverAuth',
    names: [`IP:${plan.nodeAddress}`, `DNS:${nodeName}`],
  },
  { name: 'admin', subject: '/O=system:masters/CN=admin', issuer: 'ca', usage: 'clientAuth' },
  {
    name: 'apiserver-kubelet-client',
    subject: '/O=system:masters/CN=kube-apiserver-kubelet-client',
    issuer: 'ca',
    usage: 'clientAuth',
  },
  {
    name: 'kube-controller-manager',
    subject: '/CN=system:kube-controller-manager',
    issuer: 'ca',
    usage: 'clientAuth',
  },
  { name: 'kube-scheduler', subject: '/CN=system:kube-scheduler', issuer: 'ca', usage: 'clientAuth' },
  { name: 'node', subject: `/O=system:nodes/CN=system:node:${nodeName}`, issuer: 'ca', usage: 'clientAuth' },
  { name: 'kube-proxy', subject: '/CN=system:kube-proxy', issuer: 'ca', usage: 'clientAuth' },
  { name: 'coredns', subject: '/CN=system:coredns', issuer: 'ca', usage: 'clientAuth' },
  {
    name: 'front-proxy-client',
    subject: '/CN=front-proxy-client',
    issuer: 'front-proxy-ca',
    usage: 'clientAuth',
  },
];

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

const makeAuthority = (dir: string, name: string): Promise<string> =>
  mustRun('openssl', [
    'req', '-x509', ...newKey, '-days', validDays, '-subj', `/CN=dbt-jobs ${name}`,
    '-addext', 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature',
    '-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.crt`),
  ]); // prettier-ignore

const makeCertificate = (dir: string, { name, subject, issuer, usage, names }: Certificate): Promise<string> =>
  mustRun('openssl', [
    'req', '-x509', ...newKey, '-days', validDays, '-subj', subject,
    '-CA', join(dir, `${issuer}.crt`), '-CAkey', join(dir, `${issuer}.key`),
    '-addext', 'basicConstraints=critical,CA:FALSE',
    '-addext', 'keyUsage=critical,digitalSignature', '-addext', `extendedKeyUsage=${usage}`,
    ...(names ? ['-addext', `subjectAltName=${names.join(',')}`] : []),
    '-keyout', join(dir, `${name}.key`), '-out', join(dir, `${name}.crt`),
  ]); // prettier-ignore

/** Made once a cluster; a folder that is there is complete, because it gets its name last. */
export const makeCertificates = async (dir: string, certificates: readonly Certificate[]): Promise<void> => {
  const complete = await access(dir).then(
    () => true,
    () => false,
  );
  if (complete) return;
  const partial = `${dir}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await Promise.all(['ca', 'front-proxy-ca'].map((name) => makeAuthority(partial, name)));
  await Promise.all(certificates.map((certificate) => makeCertificate(partial, certificate)));
  await mustRun('openssl', [
    'genpkey',
    '-algorithm',
    'EC',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-out',
    join(partial, 'service-account.key'),
  ]);
  await mustRun('openssl', [
    'pkey',
    '-in',
    join(partial, 'service-account.key'),
    '-pubout',
    '-out',
    join(partial, 'service-account.pub'),
  ]);
  await rename(partial, dir);
};
