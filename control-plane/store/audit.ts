import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';
import { instant } from './instant.ts';
import { type Audit, type AuditEntry, UnknownCursorError } from './store.ts';
import type { Tables } from './tables.ts';

const idPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/;

export function createAudit({ read, write }: Database): Audit {
  return {
    async record({ at, namespace, project, user, action, object }) {
      const since = instant(at);
      await write(async (transaction) => {
        await transaction
          .insertInto('audit_entry')
          .values({
            namespace,
            id: `${since}_${randomUUID()}`,
            at: since,
            project: project ?? null,
            user_name: user,
            action,
            object,
          })
          .execute();
      });
    },
    async list(namespace, { before, limit }) {
      if (before !== undefined && !idPattern.test(before)) throw new UnknownCursorError();
      const rows = await read((database) =>
        database
          .selectFrom('audit_entry')
          .selectAll()
          .where('namespace', '=', namespace)
          .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .execute(),
      );
      const next = rows.length > limit ? rows[limit - 1]?.id : undefined;
      return { entries: rows.slice(0, limit).map(entryOf), ...(next !== undefined && { next }) };
    },
  };
}

function entryOf({ at, namespace, project, user_name, action, object }: Tables['audit_entry']): AuditEntry {
  return { at, namespace, ...(project !== null && { project }), user: user_name, action, object };
}
