/** What has to be there for a cluster to be used: built for each source that needs it. */
export type Source = 'given' | 'kind' | 'embedded';

/** One binary that is built from a pinned Go module. A new component is one entry here and, if need be, one go.mod. */
export type Component = {
  /** Name of the binary. */
  name: string;
  /** Folder in modules/ whose go.mod pins it. */
  module: string;
  package: string;
  /** The module path whose required version is the component's version. */
  versionOf: string;
  /** Variables the linker sets. */
  stamp: (version: string) => Readonly<Record<string, string>>;
  /** Measured on 2 cores with an empty build cache, in the order of the table. */
  coldSeconds: number;
  /** Clusters that cannot do without it; none: it is built only when somebody asks for it by name. */
  sources: readonly Source[];
};

/** Without it kubectl cannot parse the server's version. */
const kubernetesStamp = (version: string): Record<string, string> => {
  const [major = '', minor = ''] = version.replace(/^v/, '').split('.');
  return {
    'k8s.io/component-base/version.gitVersion': version,
    'k8s.io/component-base/version.gitMajor': major,
    'k8s.io/component-base/version.gitMinor': minor,
    'k8s.io/client-go/pkg/version.gitVersion': version,
  };
};

const kubernetes = (
  name: string,
  coldSeconds: number,
  sources: readonly Source[] = ['embedded'],
): Component => ({
  name,
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionOf: 'k8s.io/kubernetes',
  stamp: kubernetesStamp,
  coldSeconds,
  sources,
});

/** Kyverno is an engine under test, not a part of the cluster: a cluster's build must not take its quarter of an hour. */
const kyverno = (name: string, path: string, coldSeconds: number): Component => ({
  name,
  module: 'kyverno',
  package: `github.com/kyverno/kyverno/cmd/${path}`,
  versionOf: 'github.com/kyverno/kyverno',
  stamp: (version) => ({ 'github.com/kyverno/kyverno/pkg/version.BuildVersion': version }),
  coldSeconds,
  sources: [],
});

export const components: readonly Component[] = [
  {
    name: 'etcd',
    module: 'etcd',
    package: 'go.etcd.io/etcd/server/v3',
    versionOf: 'go.etcd.io/etcd/server/v3',
    stamp: () => ({}),
    coldSeconds: 43,
    sources: ['embedded'],
  },
  kubernetes('kube-apiserver', 176),
  kubernetes('kube-controller-manager', 53),
  kubernetes('kube-scheduler', 6),
  kubernetes('kubelet', 18),
  kubernetes('kube-proxy', 6),
  kubernetes('kubectl', 19, ['given', 'kind', 'embedded']),
  {
    name: 'coredns',
    module: 'coredns',
    package: 'github.com/coredns/coredns',
    versionOf: 'github.com/coredns/coredns',
    stamp: () => ({}),
    coldSeconds: 98,
    sources: ['embedded'],
  },
  {
    name: 'helm',
    module: 'helm',
    package: 'helm.sh/helm/v4/cmd/helm',
    versionOf: 'helm.sh/helm/v4',
    stamp: (version) => ({ 'helm.sh/helm/v4/internal/version.version': version }),
    coldSeconds: 79,
    sources: ['given', 'kind', 'embedded'],
  },
  {
    name: 'kind',
    module: 'kind',
    package: 'sigs.k8s.io/kind',
    versionOf: 'sigs.k8s.io/kind',
    stamp: () => ({}),
    coldSeconds: 22,
    sources: ['kind'],
  },
  {
    // Between a program under test and what it talks to: no cluster needs it.
    name: 'toxiproxy',
    module: 'toxiproxy',
    package: 'github.com/Shopify/toxiproxy/v2/cmd/server',
    versionOf: 'github.com/Shopify/toxiproxy/v2',
    stamp: (version) => ({ 'github.com/Shopify/toxiproxy/v2.Version': version }),
    coldSeconds: 30,
    sources: [],
  },
  kyverno('kyverno', 'kyverno', 606),
  kyverno('kubectl-kyverno', 'cli/kubectl-kyverno', 196),
];

/** What a cluster of this source needs. */
export const componentsOf = (source: Source): Component[] =>
  components.filter((component) => component.sources.includes(source));

/** @throws when a name is no component's. */
export const componentsNamed = (names: readonly string[]): Component[] =>
  names.map((name) => {
    const found = components.find((component) => component.name === name);
    if (!found)
      throw new Error(`${name}: not a component\nOne of: ${components.map((one) => one.name).join(', ')}`);
    return found;
  });
