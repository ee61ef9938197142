import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything the image builder and its tests take from the environment. */
export interface ImagesConfig {
  /** Holds archives, build storage, the Debian base and logs; may be deleted while no build runs. */
  readonly cacheFolder: string;
  /** buildah's mount counts, which must not outlive a reboot. */
  readonly runFolder: string;
  /** The CA bundle that clients of this machine trust; the file need not exist. */
  readonly hostCaFile: string;
  /** A real git-sync v4 binary to hold the stand-in against; absent where none can be had. */
  readonly gitSyncBinary: string | undefined;
}

/** Reads the environment once; an empty variable counts as absent. */
export function readImagesConfig(env: NodeJS.ProcessEnv = process.env): ImagesConfig {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  return {
    cacheFolder: join(value('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'dbt-jobs', 'images'),
    runFolder: join(tmpdir(), 'dbt-jobs-images'),
    hostCaFile: value('SSL_CERT_FILE') ?? '/etc/ssl/certs/ca-certificates.crt',
    gitSyncBinary: value('GIT_SYNC_BINARY'),
  };
}
