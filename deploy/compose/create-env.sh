#!/bin/sh
# Writes deploy/.env from deploy/.env.example, with a random value for each secret. An existing file is never changed.
set -eu

cd "$(dirname "$0")/.."
if [ -e .env ]; then
  echo "deploy/.env exists already: edit it, or move it away first" >&2
  exit 1
fi
umask 077
while IFS= read -r line; do
  case $line in
    *=generate) echo "${line%generate}$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" ;;
    *) echo "$line" ;;
  esac
done <.env.example >.env
echo "wrote deploy/.env: set PUBLIC_URL and SMTP_URL there, and keep a copy of THROUGHLINE_SECRET with your backups"
