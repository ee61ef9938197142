/** What a person does about Slack's word (docs.slack.dev, chat.postMessage and auth.test: "Errors"). */
const steps: Readonly<Record<string, string>> = {
  invalid_auth: 'Copy the Bot User OAuth Token again: it begins with xoxb-.',
  not_authed: 'Set a token.',
  account_inactive:
    'The app was removed from the workspace, or its user deactivated: install it again and set the new token.',
  token_revoked: 'The token was revoked: install the app again and set the new token.',
  token_expired:
    'The token has expired: install the app again, without token rotation, and set the new token.',
  missing_scope:
    'Give the app the scope chat:write under OAuth & Permissions, install it again and set the new token.',
  channel_not_found: 'Check the name of the channel; in a private one, invite the app first: /invite @<app>.',
  not_in_channel: 'Invite the app into the channel: /invite @<app>.',
  is_archived: 'The channel is archived: choose another.',
  restricted_action:
    'The workspace lets only some people post in this channel: choose another, or ask its admins.',
  rate_limited: 'Slack asks to wait: try again in a minute.',
  not_answered:
    'Slack did not answer: try again; if it stays so, the cluster may not be allowed to reach slack.com.',
};

export function nextStepOf(code: string): string {
  return steps[code] ?? 'Look the word up at docs.slack.dev, method chat.postMessage, "Errors".';
}
