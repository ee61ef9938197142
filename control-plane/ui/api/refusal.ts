import type { Problem } from '../../wire/problem.ts';

/** The control plane answered, and said no. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** No answer came, or one that is none of the control plane's. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What a person is told of a failed request. */
export interface Trouble {
  readonly title: string;
  readonly detail?: string;
}

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Refusal) {
    const { title, detail } = error.problem;
    return detail === undefined ? { title } : { title, detail };
  }
  if (error instanceof NoAnswer) {
    return {
      title: error.message,
      detail: 'Runs in the cluster go on. Try again; if it lasts, ask who runs dbt Jobs.',
    };
  }
  return {
    title: 'This page has failed',
    detail: error instanceof Error ? error.message : 'The cause is unknown.',
  };
}

export function isRefusal(error: unknown, status: number): boolean {
  return error instanceof Refusal && error.problem.status === status;
}
