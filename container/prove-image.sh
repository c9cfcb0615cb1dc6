#!/usr/bin/env bash
# Proves container/Dockerfile without Docker, a registry for images or an AWS account:
#   1. debootstrap makes a Debian with Python as localhost/base, the stand-in for the pinned base image;
#   2. buildah builds the Dockerfile on it in chroot isolation, packages and hashes as on AWS;
#   3. the worker's own tests run inside, as the image's user, mounted: they are not part of the image
#      (those of the import and of the bench stay outside: neither runs there);
#   4. the size and the layers are printed.
#
#   sudo container/prove-image.sh            # everything, then everything is removed
#   sudo KEEP=1 container/prove-image.sh     # leaves the image for `npm run bench -- image-size`
#   sudo container/prove-image.sh clean      # removes what KEEP left
#
# Needs root, `apt-get install buildah debootstrap`, .venv (npm test makes it), 20 GB of disk and a Debian mirror and PyPI.
# WORK       where its own folder lies, `spot-diffusion-image`, with images and roots (default /var/tmp)
# CA_BUNDLE  certificates for a network that signs its own, given to pip inside the build only
# STORAGE_DRIVER  overlay unless you say otherwise; vfs copies the whole file system per layer
# PYTEST_ARGS  passed on to pytest
set -euo pipefail

REPOSITORY=$(cd "$(dirname "$0")/.." && pwd)
WORK=${WORK:-/var/tmp}/spot-diffusion-image
IMAGE=localhost/spot-diffusion-worker
export STORAGE_DRIVER=${STORAGE_DRIVER:-overlay} BUILDAH_ISOLATION=chroot

# A storage of its own: other images on this machine are neither seen nor touched.
images() { buildah --root "$WORK/storage" --runroot "$WORK/run" "$@"; }

clean() {
  if [ -d "$WORK/storage" ]; then
    images rm --all >/dev/null 2>&1 || true
    images rmi --all --force >/dev/null 2>&1 || true
  fi
  rm -rf "$WORK"
}

make_base() {
  echo "== base: Debian 12 with Python by debootstrap"
  local container
  if images inspect --type image localhost/base >/dev/null 2>&1; then return; fi
  debootstrap --variant=minbase \
    --include=python3,python3-dev,python3-venv,ca-certificates bookworm "$WORK/root" >"$WORK/debootstrap.log"
  container=$(images from scratch)
  images copy --quiet "$container" "$WORK/root" / >/dev/null
  images commit --quiet --rm "$container" localhost/base >/dev/null
  rm -rf "$WORK/root"
}

build() {
  echo "== build: container/Dockerfile"
  local certificates=()
  [ -z "${CA_BUNDLE:-}" ] || certificates=(--volume "$CA_BUNDLE:/etc/ssl/certs/ca-certificates.crt:ro"
    --env PIP_CERT=/etc/ssl/certs/ca-certificates.crt)  # this one stays in the image's environment
  # --layers: each instruction is a layer of its own, as with Docker.
  images bud --layers --network host "${certificates[@]}" --build-arg BASE=localhost/base --pull-never \
    --ignorefile "$REPOSITORY/container/Dockerfile.dockerignore" \
    --file "$REPOSITORY/container/Dockerfile" --tag "$IMAGE" "$REPOSITORY"
}

test_inside() {
  echo "== tests inside, as the image's user"
  local container status=0
  "$REPOSITORY/.venv/bin/uv" pip install --quiet --python 3.11 --target "$WORK/test-packages" \
    -r "$REPOSITORY/cli/setup/requirements-dev.txt" -r "$REPOSITORY/local/requirements.txt"
  container=$(images from --pull-never "$IMAGE")
  images run \
    --volume "$WORK/test-packages:/opt/test-packages:ro" \
    --volume "$REPOSITORY/container/tests:/app/container/tests:ro" \
    --volume "$REPOSITORY/container/pytest.ini:/app/container/pytest.ini:ro" \
    --volume "$REPOSITORY/test/fixtures:/app/test/fixtures:ro" \
    --volume "$REPOSITORY/models/tiny:/app/models/tiny:ro" \
    --env PYTHONPATH=/opt/test-packages \
    "$container" -- sh -c 'id -u && python -m pytest -p no:cacheprovider "$@"' \
    sh tests/worker ${PYTEST_ARGS:-} || status=$?
  images rm "$container" >/dev/null
  return $status
}

print_size() {
  echo "== size"
  images inspect --type image "$IMAGE" | python3 -c '
import json, sys
image = json.load(sys.stdin)
sizes = iter(layer["size"] for layer in json.loads(image["Manifest"])["layers"])
made = [step.get("created_by", "") for step in image["OCIv1"]["history"] if not step.get("empty_layer")]
made[0] = "base (debootstrap)"
layers = [{"created_by": by.removeprefix("/bin/sh -c ").removeprefix("#(nop) "),
           "megabytes": round(next(sizes) / 1e6, 1)} for by in made]
total = sum(layer["megabytes"] for layer in layers) / 1e3
print(json.dumps({"gigabytes": round(total, 2), "layers": layers}))'
}

case "${1:-all}" in
  all)
    [ -n "${KEEP:-}" ] || trap clean EXIT
    mkdir -p "$WORK"
    make_base
    build
    test_inside
    print_size
    ;;
  size) print_size ;;
  clean) clean ;;
  *) echo "Expected nothing, \`size\` or \`clean\`, got \`$1\`." >&2 && exit 2 ;;
esac
