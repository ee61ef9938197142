/** The addresses of one cluster. All of them exist in its own network namespace; the host only gets routes to them. */
export type NetworkPlan = {
  /** Which of the machine's blocks this is, 0 to 63. It names the host's end of the link. */
  slot: number;
  hostLink: string;
  linkCidr: string;
  hostAddress: string;
  nodeAddress: string;
  podCidr: string;
  podGateway: string;
  serviceCidr: string;
  /** The Service `kubernetes`, always the first of the range. */
  kubernetesAddress: string;
  /** The Service `kube-dns`. */
  dnsAddress: string;
  /** Of the host's way out: a larger packet would be lost behind a narrower link. */
  mtu: number;
};

export const slots = 64;

/** 198.18.0.0/15 is set aside for tests of network devices (RFC 2544): seldom routed, so it is the second choice. */
const blocks = [
  { link: '10.197', pods: '10.198', services: '10.199' },
  { link: '198.18', pods: '198.19', services: '198.18', servicesOffset: 128 },
] as const;

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);

const range = (cidr: string): [first: number, last: number] => {
  const [address = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(address) / size) * size;
  return [first, first + size - 1];
};

export const overlap = (one: string, other: string): boolean => {
  const [firstOne, lastOne] = range(one);
  const [firstOther, lastOther] = range(other);
  return firstOne <= lastOther && firstOther <= lastOne;
};

const planFor = (block: (typeof blocks)[number], slot: number, mtu: number): NetworkPlan => {
  const services = `${block.services}.${slot + ('servicesOffset' in block ? block.servicesOffset : 0)}`;
  return {
    slot,
    hostLink: `dbtj${slot}`,
    linkCidr: `${block.link}.${slot}.0/30`,
    hostAddress: `${block.link}.${slot}.1`,
    nodeAddress: `${block.link}.${slot}.2`,
    podCidr: `${block.pods}.${slot}.0/24`,
    podGateway: `${block.pods}.${slot}.1`,
    serviceCidr: `${services}.0/24`,
    kubernetesAddress: `${services}.1`,
    dnsAddress: `${services}.10`,
    mtu,
  };
};

export type NetworkFacts = {
  /** IPv4 destinations the host routes, the default route left out. */
  routes: readonly string[];
  /** Slots that other clusters of this machine remember. */
  takenSlots: readonly number[];
  mtu: number;
};

/** @throws when every block is in use. */
export const planNetwork = ({ routes, takenSlots, mtu }: NetworkFacts): NetworkPlan => {
  for (const block of blocks) {
    for (let slot = 0; slot < slots; slot += 1) {
      if (takenSlots.includes(slot)) continue;
      const plan = planFor(block, slot, mtu);
      const wanted = [plan.linkCidr, plan.podCidr, plan.serviceCidr];
      if (!routes.some((route) => wanted.some((cidr) => overlap(cidr, route)))) return plan;
    }
  }
  throw new Error(
    `No free addresses: all ${slots} blocks of 10.197.0.0 to 10.199.63.255 and of 198.18.0.0/15 are routed elsewhere\n` +
      'Take a cluster down (make cluster-down, CLUSTER_NAME=<name>), or give one with DBT_JOBS_KUBECONFIG.',
  );
};
