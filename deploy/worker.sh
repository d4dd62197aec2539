#!/bin/sh
# What systemd's timers do elsewhere, for a container: mails every two minutes, cleaning each hour, the audit and a copy each day.
# Every command may run twice, or late: nothing depends on the minute. What fails is said, and tried again in its turn.
set -u
turn=0
say() { echo "worker: $*" >&2; }
run() { python manage.py "$@" || say "$1 failed"; }
# Not in the middle of a command: it ends, then we do.
trap 'say "ending"; exit 0' TERM INT

while :; do
    run send_notices
    if [ $((turn % 30)) = 0 ]; then
        for command in purge_expired_keys expire_proposals sweep_applications captcha_clean clearsessions sweep_counters; do
            run "$command"
        done
    fi
    if [ $((turn % 720)) = 0 ]; then
        run verify_audit
        run print_chain_heads >> var/chain-heads.txt
        run back_up var/copies --keep 14
    fi
    turn=$((turn + 1))
    sleep 120 &
    wait $!
done
