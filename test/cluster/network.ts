import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mustRun, run } from './command.ts';
import { kernelName } from './cluster-paths.ts';
import type { NetworkFacts, NetworkPlan } from './network-plan.ts';

const routesSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }));
const linksSchema = z.array(z.object({ ifname: z.string(), mtu: z.number() }));
const networkPlanSchema = z.object({
  slot: z.number(),
  hostLink: z.string(),
  linkCidr: z.string(),
  hostAddress: z.string(),
  nodeAddress: z.string(),
  podCidr: z.string(),
  podGateway: z.string(),
  serviceCidr: z.string(),
  kubernetesAddress: z.string(),
  dnsAddress: z.string(),
  mtu: z.number(),
});

export const readNetworkPlan = async (file: string): Promise<NetworkPlan | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : networkPlanSchema.parse(JSON.parse(text));
};

/** What the machine and its other clusters already use. */
export const networkFacts = async (stateDir: string): Promise<NetworkFacts> => {
  const routes = routesSchema.parse(JSON.parse(await mustRun('ip', ['-4', '-json', 'route'])));
  const links = linksSchema.parse(JSON.parse(await mustRun('ip', ['-json', 'link'])));
  const names = await readdir(stateDir).catch((): string[] => []);
  const plans = await Promise.all(names.map((name) => readNetworkPlan(join(stateDir, name, 'network.json'))));
  const remembered = plans.flatMap((plan) => (plan ? [plan.slot] : []));
  const present = links.flatMap(({ ifname }) => (/^dbtj\d+$/.test(ifname) ? [Number(ifname.slice(4))] : []));
  const wayOut = routes.find((route) => route.dst === 'default')?.dev;
  return {
    routes: routes.map((route) => route.dst).filter((dst) => dst !== 'default'),
    takenSlots: [...remembered, ...present],
    mtu: links.find((link) => link.ifname === wayOut)?.mtu ?? 1500,
  };
};

export const networkNamespaceFile = (clusterName: string): string => `/run/netns/${kernelName(clusterName)}`;

export const networkIsUp = (clusterName: string): Promise<boolean> =>
  stat(networkNamespaceFile(clusterName)).then(
    () => true,
    () => false,
  );

/** The rule that lets pods reach what the host reaches. In a table of its own, so that no other rule is touched. */
const natTable = (name: string, plan: NetworkPlan): string => `
table ip ${name} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${plan.linkCidr} oifname != "${plan.hostLink}" masquerade
  }
}
`;

/** Inside: pods on a bridge, their traffic to the outside under the node's address, Services through iptables. */
const insideCommands = (plan: NetworkPlan): string => `set -e
ip link set lo up
ip addr add ${plan.nodeAddress}/30 dev eth0
ip link set eth0 mtu ${plan.mtu} up
ip route add default via ${plan.hostAddress}
ip link add cni0 mtu ${plan.mtu} type bridge
ip addr add ${plan.podGateway}/24 dev cni0
ip link set cni0 up
for setting in net/ipv4/ip_forward net/bridge/bridge-nf-call-iptables; do echo 1 > /proc/sys/$setting; done
iptables -t nat -A POSTROUTING -s ${plan.podCidr} ! -d ${plan.podCidr} -m comment --comment "pods to the outside" -j MASQUERADE
`;

/** Makes the namespace and the host's end of its link. Anything left of an earlier one has to be gone. */
export const startNetwork = async (clusterName: string, plan: NetworkPlan): Promise<void> => {
  const name = kernelName(clusterName);
  await mustRun('ip', ['netns', 'add', name]);
  await mustRun('ip', [
    'link',
    'add',
    plan.hostLink,
    'mtu',
    String(plan.mtu),
    'type',
    'veth',
    'peer',
    'name',
    'eth0',
    'netns',
    name,
  ]);
  await mustRun('ip', ['addr', 'add', `${plan.hostAddress}/30`, 'dev', plan.hostLink]);
  await mustRun('ip', ['link', 'set', plan.hostLink, 'up']);
  await mustRun('nsenter', [`--net=${networkNamespaceFile(clusterName)}`, 'sh'], {
    input: insideCommands(plan),
  });
  for (const cidr of [plan.serviceCidr, plan.podCidr]) {
    await mustRun('ip', ['route', 'replace', cidr, 'via', plan.nodeAddress, 'dev', plan.hostLink]);
  }
  await mustRun('nft', ['-f', '-'], { input: natTable(name, plan) });
};

/** The bridge, the pods' links and every iptables chain go with the namespace. */
export const stopNetwork = async (clusterName: string, plan: NetworkPlan | undefined): Promise<void> => {
  const name = kernelName(clusterName);
  if (plan) await run('ip', ['link', 'delete', plan.hostLink]);
  if (await networkIsUp(clusterName)) {
    const deleted = await run('ip', ['netns', 'delete', name]);
    // A file without a namespace on it is what an `ip netns add` killed half-way leaves.
    if (deleted.code !== 0) await rm(networkNamespaceFile(clusterName), { force: true });
  }
  await run('nft', ['delete', 'table', 'ip', name]);
};

/** Name servers that can be reached from another network namespace, so none on a loopback address. */
export const upstreamNameServers = (resolvConf: string): string[] =>
  resolvConf
    .split('\n')
    .map((line) => /^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/.exec(line)?.[1])
    .filter((address) => address !== undefined)
    .filter((address) => !address.startsWith('127.'));
