/** What a person who has never made a Slack app needs to know. */
export function SlackSteps() {
  return (
    <>
      <h2>Connect Slack</h2>
      <ol className="steps">
        <li>
          Create an app at{' '}
          <a href="https://api.slack.com/apps" target="_blank" rel="noreferrer">
            api.slack.com/apps
          </a>
          , from scratch, in your workspace.
        </li>
        <li>
          Under OAuth &amp; Permissions, add the bot scopes <code>chat:write</code> and{' '}
          <code>chat:write.public</code>.
        </li>
        <li>Install it to the workspace and paste its Bot User OAuth Token here.</li>
      </ol>
    </>
  );
}
