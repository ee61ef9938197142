import type { CommandName } from './parse-arguments.ts';

const connection = `  -n, --namespace NAME    the organization's namespace; otherwise that of the context
      --context NAME      context of the kubeconfig
      --kubeconfig FILE   otherwise $KUBECONFIG, ~/.kube/config, or the pod's ServiceAccount`;

const overview = `kubectl dbt works with dbt projects on Kubernetes.

  kubectl dbt plan      give a project a new image and commit, tried before it comes into force
  kubectl dbt explain   show what the cluster would make of a pod

Next: kubectl dbt COMMAND --help
`;

const commands: Record<CommandName, string> = {
  plan: `kubectl dbt plan PROJECT --image IMAGE --commit COMMIT [--id ID] [--wait[=10m]]

Adds a candidate to status.plans of the DbtProject. The watcher tries it with "dbt parse" and
"dbt debug --connection"; on success it is the plan in force, on failure the old one stays.

      --image IMAGE       what the pipeline pushed, best as name@sha256:<64 hex digits>
      --commit COMMIT     the full commit it was built from
      --id ID             name of the plan; otherwise made from commit and image
      --wait[=TIME]       follow it to its verdict, for at most TIME (90s, 10m, 1h; 10m by itself)
${connection}

Exit code: 0 promoted, or without --wait: added; 1 failed or refused; 2 wrong arguments;
3 no verdict: the cluster was not reached, or the time was over.
`,
  explain: `kubectl dbt explain -f POD.yaml

Asks the API server what it would make of the pod, without creating it, and shows what every
admission policy and webhook changes. A Job or CronJob is taken by its pod template.

  -f, --filename FILE     the manifest; - for standard input
${connection}

Exit code: 0 admitted; 1 denied; 2 wrong arguments or manifest; 3 the cluster was not reached.
`,
};

export function usage(command: CommandName | undefined): string {
  return command === undefined ? overview : commands[command];
}
