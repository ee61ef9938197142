#!/bin/sh
# Makes the repositories named in REPOSITORIES (words, without .git), then serves all below /srv/git.
set -eu
for name in ${REPOSITORIES}; do
  [ -e "/srv/git/${name}.git/HEAD" ] || git init --quiet --bare "/srv/git/${name}.git"
done
exec lighttpd -D -f /etc/git-server/lighttpd.conf
