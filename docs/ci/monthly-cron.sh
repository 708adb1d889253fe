#!/bin/sh
# Collects the month that has just ended and prints what it came to, for cron to mail or a chat to take.
set -eu

fleets=${STEPFARE_FLEETS:-$HOME/stepfare-fleets}
month=$(date -u -d "$(date -u +%Y-%m-01) -1 day" +%Y-%m)

mkdir -p "$fleets"
stepfare collect --month "$month" --region all --output "$fleets/$month.json" --quiet
stepfare report "$fleets" --format markdown --output "$fleets/report.md" --quiet
stepfare report "$fleets" --format markdown --brief
