#!/bin/bash
# Runs on each GPU instance before its ECS agent starts: everything here must end, or jobs stay RUNNABLE.
cat >> /etc/ecs/ecs.config <<'CONFIG'
ECS_CONTAINER_STOP_TIMEOUT=110s
ECS_ENABLE_SPOT_INSTANCE_DRAINING=true
ECS_IMAGE_PULL_BEHAVIOR=prefer-cached
CONFIG
# Weights go to the instance's own NVMe where there is one, else to the root volume.
mkdir -p /scratch
disk=$(find /dev/disk/by-id -name 'nvme-Amazon_EC2_NVMe_Instance_Storage_*' ! -name '*-part*' 2>/dev/null | sort | head -n 1)
if [ -n "$disk" ] && mkfs.xfs -f -q "$disk"; then
  mount -o noatime "$disk" /scratch || true
fi
chmod 1777 /scratch
