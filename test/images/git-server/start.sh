#!/bin/sh
# Makes the repositories named in REPOSITORIES (words, without .git), then serves all below /srv/git.
# PUBLIC_REPOSITORIES (words) are read without a password, as dbt deps reads public packages.
set -eu
for name in ${REPOSITORIES:-}; do
  [ -e "/srv/git/${name}.git/HEAD" ] || git init --quiet --bare "/srv/git/${name}.git"
done
umask 077
printf 'git:%s\n' "$(cat /run/git-server/password)" > /tmp/users
public=$(echo "${PUBLIC_REPOSITORIES:-}" | tr -s ' ' '|')
export PUBLIC_READ="^/(${public:-(?!)})\.git/(info/refs|git-upload-pack)$"
export PORT="${PORT:-8443}"
exec lighttpd -D -f /etc/git-server/lighttpd.conf
