#!/bin/bash
# Unpacks Debian's kernel sources into the cache folder, for the tests on real trees and to try the extension on.
# usage: prepare-kernels.sh [VERSION…]     default: 6.12 6.1
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

archive_of() {
  local version=$1 installed=/usr/src/linux-source-$1.tar.xz
  if [ -f "$installed" ]; then
    echo "$installed"
    return
  fi
  # The package needs no installation: its one file can be had without being root.
  local folder=$cache/download-$version
  mkdir -p "$folder"
  say "downloading Debian's linux-source-$version (about 150 MB)"
  (cd "$folder" && rm -f ./*.deb && apt-get download -qq "linux-source-$version" >&2) || return 1
  dpkg-deb --fsys-tarfile "$folder"/linux-source-"$version"_*.deb | tar -xf - -C "$folder" "./usr/src/linux-source-$version.tar.xz"
  rm -f "$folder"/*.deb
  echo "$folder/usr/src/linux-source-$version.tar.xz"
}

prepare() {
  local version=$1 tree=$cache/linux-source-$1 archive
  if [ -f "$tree/Makefile" ]; then return 0; fi
  archive=$(archive_of "$version") || { say "linux-source-$version is not to be had from this machine's package sources"; return 1; }
  say "unpacking linux-source-$version"
  rm -rf "$tree.part"
  mkdir -p "$tree.part"
  tar -xJf "$archive" -C "$tree.part" --strip-components=1
  mv "$tree.part" "$tree"
  rm -rf "$cache/download-$version"
}

command -v xz >/dev/null || install_packages xz-utils
[ $# -gt 0 ] || set -- 6.12 6.1
for version in "$@"; do prepare "$version"; done
