import { z } from 'zod';
import { invalid } from '../api/refusal.ts';
import { json, route, type Route } from '../api/route.ts';
import { schedule } from '../wire/job.ts';
import { describeSchedule, scheduleProblems } from './schedule.ts';

const readSchedule = route({
  method: 'get',
  path: '/schedule',
  summary: 'What a schedule says in words, and when it comes next, before a job is saved with it.',
  access: 'identified',
  query: z.strictObject({ cron: z.string().min(1).max(256), timeZone: z.string().min(1).max(64) }),
  answer: json(schedule),
  handle({ query }, context) {
    const problems = scheduleProblems(query);
    if (problems.length > 0) throw invalid(problems);
    return Promise.resolve(describeSchedule(query, context.now()));
  },
});

export const scheduleRoutes: readonly Route[] = [readSchedule];
