import { gitSync } from '../../contract/names.ts';

/** What an installation pins, and no project says. */
export interface Settings {
  readonly gitSyncImage: string;
}

export const defaultSettings: Settings = { gitSyncImage: gitSync.image };
