import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

const canary = 'kanarienvogel0123456789';

const shapes: Record<string, string> = {
  'a URL with user and password': `could not read https://bot:${canary}@git.example.com/shop.git`,
  'a URL with a token alone': `fatal: https://${canary}@git.example.com/shop.git`,
  'a data source name': `postgres://loader:${canary}@db:5432/shop`,
  'password=': `connection failed: host=db user=loader password=${canary} sslmode=require`,
  'a quoted password': `{"user": "loader", "password": "${canary} with blanks"}`,
  'JSON within JSON': String.raw`{"msg": "{\"password\": \"${canary}\"}"}`,
  'a quoted password with a quote in it': String.raw`password="a\"${canary}"`,
  'a quoted password that is cut off': `{"password": "${canary}`,
  'a Python dict': `{'user': 'loader', 'password': '${canary}'}`,
  'PWD:': `PWD: ${canary}`,
  'an api key': `api_key=${canary}`,
  'an access token': `access-token: ${canary}`,
  'an Authorization header': `Authorization: Bearer ${canary}`,
  'a GitHub token': `using ghp_${canary}`,
  'a Slack token': `using xoxb-${canary}`,
  'a Databricks token': `using dapi${canary}`,
  'a JSON web token': `eyJhbGciOiJIUzI1NiJ9.${canary}.${canary}`,
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n${canary}\n-----END RSA PRIVATE KEY-----`,
  'a private key that is cut off': `-----BEGIN PRIVATE KEY----- ${canary}`,
};

describe('redact', () => {
  it.each(Object.entries(shapes))('hides %s', (_, text) => {
    expect(redact(text)).not.toContain(canary);
    expect(redact(text)).toContain('***');
  });

  it.each([
    'Secret "warehouse" does not exist',
    'Secret "warehouse" has no key "PASSWORD"',
    'container "dbt" ended with exit code 1: relation "tokens" does not exist',
    'https://git.example.com/shop.git at commit aaaaaaaa',
  ])('leaves %j alone', (text) => expect(redact(text)).toBe(text));

  it('takes any text, and hides nothing new in its own output', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(redact(redact(text))).toBe(redact(text));
      }),
    );
  });
});
