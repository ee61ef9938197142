import { z } from 'zod';

/** Settings → Integrations → Slack. The token goes in and never comes out. */
export const slackSettings = z.object({
  connected: z.boolean(),
  /** Name of the Slack workspace and of the bot, as Slack said when the token was set. */
  workspace: z.string().optional(),
  bot: z.string().optional(),
  channel: z.string().optional(),
});

export const newSlackSettings = z.strictObject({
  /** Absent: the one that is set stays. */
  token: z
    .string()
    .regex(/^xoxb-[A-Za-z0-9-]{10,255}$/, 'must be a bot token, which begins with xoxb-')
    .optional(),
  channel: z
    .string()
    .regex(/^(#[\w-]{1,80}|[A-Z0-9]{6,20})$/, 'must be #name, or the id of a channel as Slack shows it'),
});

/** What Slack answered to the test message, in its own word, and what to do. */
export const slackTest = z.object({
  sent: z.boolean(),
  error: z.string().optional(),
  nextStep: z.string().optional(),
});

export type SlackSettings = z.output<typeof slackSettings>;
export type NewSlackSettings = z.output<typeof newSlackSettings>;
export type SlackTest = z.output<typeof slackTest>;
