import { useQuery } from '@tanstack/react-query';
import type { Organization } from '../../wire/organization.ts';
import { organizationsQuery } from '../api/queries.ts';

type May = Organization['may'];

const nothing: May = {
  saveJobs: false,
  run: false,
  cancel: false,
  readLogs: false,
  plan: false,
  connectSlack: false,
};

/** What the user may do in an organization; nothing while it is not known. */
export function useMay(org: string): May {
  const { data } = useQuery(organizationsQuery);
  return data?.find(({ name }) => name === org)?.may ?? nothing;
}
