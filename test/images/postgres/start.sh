#!/bin/sh
# Initialises the data folder once, then runs PostgreSQL. The password never becomes an argument.
set -eu
data=/var/lib/warehouse/data
umask 077
if [ ! -d "${data}" ]; then
  new="${data}.new"
  rm -rf "${new}"
  printf '%s\n' "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is empty: set it from a Secret}" > /tmp/password
  initdb --pgdata="${new}" --username="${POSTGRES_USER:?POSTGRES_USER is empty}" --pwfile=/tmp/password \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "${new}/pg_hba.conf"
  # Single-user mode: the database is there before the first connection is possible.
  echo 'CREATE DATABASE warehouse;' | postgres --single -D "${new}" postgres > /dev/null
  # Last: a container that was stopped half-way begins anew.
  mv "${new}" "${data}"
fi
unset POSTGRES_PASSWORD
# The data is made up and made anew by dbt: speed is worth more than surviving a power cut.
exec postgres -D "${data}" -c listen_addresses='*' -c unix_socket_directories=/tmp \
  -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c jit=off
