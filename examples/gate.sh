#!/bin/sh
# Before an upgrade by hand or by script: upgrades Immich only when its backups are known to restore.
#   RESTORE_DRILL=/opt/restore-drill ./gate.sh immich-full v3.2.0 http://127.0.0.1:2283 && docker compose pull && docker compose up -d
set -eu
drill=${1:?the name of the drill}
to=${2:?the version to upgrade to}
installed=${3:?the address of the Immich that is installed}
exec npm --prefix "${RESTORE_DRILL:-/opt/restore-drill}" run -s drill -- gate \
  --drill "$drill" --max-age 24h --rto 2h --rpo 24h --installed-url "$installed" --to-version "$to"
