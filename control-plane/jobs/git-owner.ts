interface Marks {
  readonly labels?: Readonly<Record<string, string>> | null | undefined;
  readonly annotations?: Readonly<Record<string, string>> | null | undefined;
}

/** Labels and annotations by which each tool knows what it keeps, each with a value where others use it too. */
const tools: readonly { readonly by: string; readonly mark: string; readonly value?: string }[] = [
  { by: 'Argo CD', mark: 'argocd.argoproj.io/tracking-id' },
  { by: 'Argo CD', mark: 'argocd.argoproj.io/instance' },
  { by: 'Flux', mark: 'kustomize.toolkit.fluxcd.io/name' },
  { by: 'Flux', mark: 'helm.toolkit.fluxcd.io/name' },
  { by: 'Helm', mark: 'app.kubernetes.io/managed-by', value: 'Helm' },
];

/** The tool that makes an object what a repository says, and would undo any other change. */
export function gitOwnerOf({ labels, annotations }: Marks): string | undefined {
  const marks = { ...labels, ...annotations };
  return tools.find(({ mark, value }) => marks[mark] !== undefined && (value ?? marks[mark]) === marks[mark])
    ?.by;
}
