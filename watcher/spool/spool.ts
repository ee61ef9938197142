import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Names a log: `<UID of the run>/<UID of the pod>.<container>.<execution>`. */
export interface SpoolKey {
  readonly runUid: string;
  readonly podUid: string;
  readonly container: string;
  readonly execution: number;
}

/** Logs on disk, in bounded room. Logs that are whole make way for new ones, the oldest first. */
export interface Spool {
  /** Bytes on disk. */
  size(): number;
  /** Opens the log to append; what a process before this one has written stays. */
  open(key: SpoolKey): Promise<SpoolLog>;
  /** Every log that is there of the run. */
  logsOf(runUid: string): readonly SpoolLog[];
  remove(runUid: string): Promise<void>;
}

export interface SpoolLog {
  readonly key: SpoolKey;
  readonly path: string;
  size(): number;
  /** False where there is no room for the text: nothing of it is written then. */
  append(text: string): Promise<boolean>;
  /** Whole lines from the byte on, about `most` bytes of them; `next` is the byte to go on from. */
  read(from: number, most: number): Promise<{ readonly text: string; readonly next: number }>;
  /** No more is coming: it may make way. */
  close(): Promise<void>;
}

export interface SpoolShell {
  readonly folder: string;
  readonly maxBytes: number;
  /** A log that was not delivered yet makes way. */
  onDropped(key: SpoolKey): void;
}

interface Entry extends SpoolLog {
  bytes: number;
  closed: boolean;
}

/** What a process before this one has left in the folder is found again. Throws where the folder cannot be used. */
export async function openSpool(shell: SpoolShell): Promise<Spool> {
  const shelf = createShelf(shell);
  await mkdir(shell.folder, { recursive: true });
  for (const { key, path, bytes } of await found(shell.folder)) shelf.add(key, path, bytes).closed = true;
  return {
    size: () => shelf.size(),
    async open(key) {
      const path = pathOf(shell.folder, key);
      await mkdir(dirname(path), { recursive: true });
      const entry = shelf.get(path) ?? shelf.add(key, path, 0);
      entry.closed = false;
      return entry;
    },
    logsOf: (runUid) => [...shelf.ofRun(runUid)],
    async remove(runUid) {
      for (const entry of [...shelf.ofRun(runUid)]) {
        await entry.close();
        await shelf.drop(entry);
      }
      await rm(join(shell.folder, runUid), { recursive: true, force: true });
    },
  };
}

/** The logs that are there, in the order they came, and their room. */
interface Shelf {
  size(): number;
  get(path: string): Entry | undefined;
  ofRun(runUid: string): ReadonlySet<Entry>;
  add(key: SpoolKey, path: string, bytes: number): Entry;
  drop(entry: Entry): Promise<void>;
}

function createShelf(shell: SpoolShell): Shelf {
  const entries = new Map<string, Entry>();
  const byRun = new Map<string, Set<Entry>>();
  let total = 0;
  const drop = async (entry: Entry): Promise<void> => {
    const { runUid } = entry.key;
    entries.delete(entry.path);
    byRun.get(runUid)?.delete(entry);
    if (byRun.get(runUid)?.size === 0) byRun.delete(runUid);
    total -= entry.bytes;
    await rm(entry.path, { force: true });
  };
  const makeRoom = async (bytes: number): Promise<boolean> => {
    for (const entry of entries.values()) {
      if (total + bytes <= shell.maxBytes) break;
      if (!entry.closed) continue;
      await drop(entry);
      shell.onDropped(entry.key);
    }
    return total + bytes <= shell.maxBytes;
  };
  return {
    size: () => total,
    get: (path) => entries.get(path),
    ofRun: (runUid) => byRun.get(runUid) ?? new Set(),
    add(key, path, bytes) {
      const entry = createEntry(key, path, bytes, makeRoom, (by) => (total += by));
      entries.set(path, entry);
      byRun.set(key.runUid, (byRun.get(key.runUid) ?? new Set()).add(entry));
      total += bytes;
      return entry;
    },
    drop,
  };
}

function createEntry(
  key: SpoolKey,
  path: string,
  bytes: number,
  makeRoom: (bytes: number) => Promise<boolean>,
  grow: (by: number) => void,
): Entry {
  let handle: FileHandle | undefined;
  return {
    key,
    path,
    bytes,
    closed: false,
    size() {
      return this.bytes;
    },
    async append(text) {
      const data = Buffer.from(text);
      if (!(await makeRoom(data.length))) return false;
      handle ??= await open(path, 'a');
      await handle.appendFile(data);
      this.bytes += data.length;
      grow(data.length);
      return true;
    },
    read: (from, most) => readLines(path, from, most),
    async close() {
      this.closed = true;
      const open = handle;
      handle = undefined;
      await open?.close();
    },
  };
}

function pathOf(folder: string, { runUid, podUid, container, execution }: SpoolKey): string {
  return join(folder, runUid, `${podUid}.${container}.${execution}.log`);
}

const fileName = /^([^.]+)\.([^.]+)\.(\d+)\.log$/;

async function found(folder: string) {
  const logs: { key: SpoolKey; path: string; bytes: number; at: number }[] = [];
  for (const runUid of await readdir(folder)) {
    for (const file of await readdir(join(folder, runUid))) {
      const [, podUid, container, execution] = fileName.exec(file) ?? [];
      if (podUid === undefined || container === undefined) continue;
      const path = join(folder, runUid, file);
      const { size, mtimeMs } = await stat(path);
      logs.push({
        key: { runUid, podUid, container, execution: Number(execution) },
        path,
        bytes: size,
        at: mtimeMs,
      });
    }
  }
  return logs.sort((a, b) => a.at - b.at);
}

const lineFeed = 0x0a;

async function readLines(path: string, from: number, most: number): Promise<{ text: string; next: number }> {
  const handle = await open(path, 'r');
  try {
    for (let room = most; ; room *= 2) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(room), 0, room, from);
      const end = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed) + 1;
      // One line may be longer than what was asked for.
      if (end > 0 || bytesRead < room) return { text: buffer.toString('utf8', 0, end), next: from + end };
    }
  } finally {
    await handle.close();
  }
}
