#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs the recipes of docs/clusters.md: shards under GNU parallel, and a job array on a Slurm of one
# node. The merged folders must equal that of a single run.
#
#   check.sh PROGRAM
#
# Recipes whose programs are not installed are skipped, with a message. Slurm needs root, for munge and slurmd.
set -euo pipefail

program=$(realpath "$1")
fixtures=$(realpath "$(dirname "$0")/../../fixtures")
work=$(mktemp -d)
slurm=""

clean_up() {
  if [ -n "$slurm" ]; then
    kill $(cat "$slurm"/*.pid 2>/dev/null) 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT

cd "$work"
mkdir -p recordings/more
cp "$fixtures"/*.wav recordings
cp "$fixtures"/*.flac "$fixtures"/*.aiff recordings/more
# Some files fail: the summary must have their errors, whichever shard found them.
echo "no audio" > recordings/more/damaged.wav
options=(recordings/ --format "csv,npy" --no-timings --report none)

status=0
"$program" batch "${options[@]}" --out-dir expected 2> expected.errors || status=$?
[ $status = 1 ] || { echo "a single run ended with $status, not 1"; exit 1; }

# Merges the shards and compares with the single run.
compare() {
  local merge=0
  "$program" batch-merge "$1" || merge=$?
  [ $merge = 1 ] || { echo "batch-merge ended with $merge, not 1"; exit 1; }
  diff -r expected "$1"
  echo "$2: the same as a single run"
}

if command -v parallel > /dev/null; then
  failed=0
  parallel --will-cite --jobs 4 "$program" batch "${options[@]}" --out-dir parallel --shard {}/4 \
    ::: 1 2 3 4 2> parallel.errors || failed=$?
  # The status is the number of failed jobs: the one with the damaged file.
  [ $failed = 1 ] || { echo "parallel ended with $failed, not 1"; cat parallel.errors; exit 1; }
  compare parallel "GNU parallel, 4 shards"
else
  echo "GNU parallel is not installed: skipped"
fi

# Starts a Slurm of one node; fails if it does not start.
start_slurm() {
  slurm="$work/slurm"
  mkdir -p "$slurm"/state "$slurm"/spool /run/munge
  [ -e /etc/munge/munge.key ] || mungekey --create
  chown munge: /run/munge
  pidof munged > /dev/null || runuser -u munge -- munged
  local host
  host=$(hostname -s)
  cat > "$slurm/slurm.conf" << END
ClusterName=test
SlurmctldHost=$host
SlurmUser=root
SlurmctldPort=26817
SlurmdPort=26818
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ReturnToService=2
NodeName=$host CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES State=UP
END
  export SLURM_CONF="$slurm/slurm.conf"
  slurmctld
  slurmd
  for _ in $(seq 60); do
    [ "$(sinfo -h -o %T 2> /dev/null)" = idle ] && return 0
    sleep 0.5
  done
  return 1
}

if [ "$(id -u)" = 0 ] && command -v slurmctld slurmd munged sbatch > /dev/null; then
  if start_slurm; then
    cat > array.sbatch << END
#!/bin/bash
#SBATCH --array=0-6:2
#SBATCH --output=$work/task-%a.log
"$program" batch ${options[*]} --out-dir slurm-out --shard slurm --resume
END
    sbatch --wait --quiet array.sbatch || true # one task fails, as above
    cat task-*.log > slurm.errors
    cmp slurm.errors expected.errors
    compare slurm-out "Slurm job array of 4 tasks"
  else
    echo "Slurm does not start here: skipped"
    tail -n 3 "$slurm"/*.log || true
  fi
else
  echo "Slurm is not installed, or this is not root: skipped"
fi
