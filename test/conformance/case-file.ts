import { z } from 'zod';

const texts = z.array(z.string().min(1)).default([]);

/**
 * case.yaml. `problems` are the exact texts of contract/problems.ts, without their number; `warnings` are the exact
 * texts of warnings that are no problem.
 */
const caseFile = z
  .strictObject({
    sentence: z.string().min(10).max(140),
    expect: z.enum(['mutated', 'untouched', 'denied', 'warned']),
    problems: texts,
    warnings: texts,
    clauses: z.array(z.string().regex(/^C[1-9][0-9]?$/, 'must be a clause such as C12')).min(1),
    /** Ids of the table "Threats" of README.md. */
    threats: z.array(z.string().regex(/^[SW][1-9][0-9]?$/, 'must be an id such as S1 or W9')).default([]),
    /** The API server itself refuses the object after admission, with this text in its message. */
    refusedByServer: z.string().min(1).optional(),
    /** false: a server creates the object really, and it is deleted again. */
    dryRun: z.boolean().default(true),
    /** Where update.yaml is sent to. */
    subresource: z.enum(['status', 'ephemeralcontainers', 'binding']).optional(),
  })
  .superRefine((read, context) => {
    const wrong = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    const { expect, problems, warnings } = read;
    if (expect === 'denied' && problems.length === 0) wrong('problems', 'is required with expect: denied');
    if (expect === 'warned' && problems.length + warnings.length === 0)
      wrong('warnings', 'problems or warnings are required with expect: warned');
    if (expect !== 'denied' && expect !== 'warned' && problems.length > 0)
      wrong('problems', `is for expect: denied or warned, not ${expect}`);
    if (expect !== 'warned' && warnings.length > 0) wrong('warnings', `is for expect: warned, not ${expect}`);
    if (new Set(read.clauses).size < read.clauses.length) wrong('clauses', 'names a clause twice');
  });

export type CaseFile = z.output<typeof caseFile>;
export type Expectation = CaseFile['expect'];

/** The file, or what is wrong with it, one text a field. */
export function parseCaseFile(
  value: unknown,
): { readonly file: CaseFile } | { readonly wrong: readonly string[] } {
  const parsed = caseFile.safeParse(value);
  if (parsed.success) return { file: parsed.data };
  return {
    wrong: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`),
  };
}
