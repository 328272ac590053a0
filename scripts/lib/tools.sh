# shellcheck shell=bash
# Makes sure that the tools which the scripts need are here. To be sourced. Ends the script with 69 where one is missing
# and cannot be installed.
#
#   need_java   a JDK of at least 17
#   need_maven  Maven of at least 3.8
#   need_node   Node.js of at least 18, and npm
#   need_curl
#   need_promtool
#   need_redis  redis-server, redis-cli and redis-sentinel, without a service that runs
#   need_faketime  libfaketime, if it can be had; what needs it says so where it cannot
#   print_tools the versions of what is in use

readonly EX_UNAVAILABLE=69

# Where promtool is unpacked to; it needs no installation.
POSTHORN_TOOLS_DIR="${POSTHORN_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/posthorn/tools}"
apt_lists_are_fresh=''

has() {
  command -v "$1" > /dev/null 2>&1
}

say() {
  printf '%s\n' "$*" >&2
}

missing() {
  say "missing: $1"
  say "install: $2"
  exit "$EX_UNAVAILABLE"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -n "$@"
  fi
}

can_install() {
  has apt-get && { [ "$(id -u)" -eq 0 ] || { has sudo && sudo -n true 2> /dev/null; }; }
}

refresh_apt_lists() {
  [ -n "$apt_lists_are_fresh" ] && return 0
  apt_lists_are_fresh=yes
  as_root apt-get update -qq > /dev/null
}

# install_packages NAME...: installs Debian packages without a question.
install_packages() {
  can_install || return 1
  say "installing $* with apt-get"
  refresh_apt_lists || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

# The first number of a version: 17 of 17.0.15, 8 of 1.8.0_392.
major_of() {
  printf '%s\n' "$1" | sed -E 's/^1\.([0-9]+)/\1/; s/^([0-9]+).*/\1/'
}

javac_major() {
  local javac=javac
  [ -n "${JAVA_HOME:-}" ] && javac="$JAVA_HOME/bin/javac"
  has "$javac" || { printf '0\n'; return 0; }
  major_of "$("$javac" -version 2>&1 | sed -n 's/^javac //p')"
}

need_java() {
  [ "$(javac_major)" -ge 17 ] && return 0
  if [ -n "${JAVA_HOME:-}" ]; then
    missing "a JDK of at least 17 (JAVA_HOME is set to $JAVA_HOME)" 'point JAVA_HOME at one, or unset it'
  fi
  install_packages openjdk-17-jdk-headless || true
  [ "$(javac_major)" -ge 17 ] || missing 'a JDK of at least 17' 'apt-get install openjdk-17-jdk-headless'
}

maven_is_new_enough() {
  local version
  has mvn || return 1
  version="$(mvn -v 2> /dev/null | sed -n 's/^[^A-Z]*Apache Maven \([0-9]*\.[0-9]*\).*/\1/p')"
  [ "${version%%.*}" -gt 3 ] || { [ "${version%%.*}" -eq 3 ] && [ "${version#*.}" -ge 8 ]; }
}

need_maven() {
  maven_is_new_enough && return 0
  install_packages maven || true
  maven_is_new_enough || missing 'Maven of at least 3.8' 'apt-get install maven'
}

node_is_new_enough() {
  has node && has npm && [ "$(major_of "$(node --version | tr -d v)")" -ge 18 ]
}

need_node() {
  node_is_new_enough && return 0
  install_packages nodejs npm || true
  node_is_new_enough || missing 'Node.js of at least 18, and npm' 'apt-get install nodejs npm'
}

need_curl() {
  has curl && return 0
  install_packages curl || true
  has curl || missing 'curl' 'apt-get install curl'
}

# Takes promtool out of the Debian package of Prometheus without installing it, so that no server is started.
unpack_promtool() (
  has apt-get && has dpkg-deb || return 1
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  cd "$work" || return 1
  if ! apt-get download -qq prometheus > /dev/null 2>&1; then
    can_install && refresh_apt_lists && apt-get download -qq prometheus > /dev/null 2>&1 || return 1
  fi
  dpkg-deb -x ./*.deb unpacked || return 1
  mkdir -p "$POSTHORN_TOOLS_DIR"
  install -m 0755 unpacked/usr/bin/promtool "$POSTHORN_TOOLS_DIR/promtool"
)

need_promtool() {
  has promtool && return 0
  PATH="$PATH:$POSTHORN_TOOLS_DIR"
  export PATH
  has promtool && return 0
  say 'unpacking promtool from the Debian package prometheus'
  unpack_promtool || true
  has promtool || missing 'promtool' 'take it from a Prometheus release, or: apt-get install prometheus'
}

# install_without_starting NAME...: as install_packages, but no service of theirs is started.
install_without_starting() {
  local policy=/usr/sbin/policy-rc.d ours=''
  can_install || return 1
  if [ ! -e "$policy" ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
    as_root chmod 0755 "$policy"
  fi
  local code=0
  install_packages "$@" || code=$?
  [ -z "$ours" ] || as_root rm -f "$policy"
  return "$code"
}

has_redis() {
  has redis-server && has redis-cli && has redis-sentinel
}

need_redis() {
  has_redis && return 0
  install_without_starting redis-server redis-sentinel redis-tools || true
  has_redis || missing 'redis-server, redis-cli and redis-sentinel' 'apt-get install redis-server redis-sentinel'
}

need_faketime() {
  compgen -G '/usr/lib*/*/faketime/libfaketimeMT.so.1' > /dev/null && return 0
  install_packages libfaketime || say 'libfaketime cannot be installed: the fault "clock" will be skipped'
}

print_tools() {
  local java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
  say "java      $("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')"
  say "maven     $(mvn --version 2> /dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')"
  if has node; then say "node      $(node --version)"; fi
  if has npm; then say "npm       $(npm --version)"; fi
  if has promtool; then say "promtool  $(promtool --version 2>&1 | sed -n 's/^promtool, version \([^ ]*\).*/\1/p')"; fi
  if has redis-server; then say "redis     $(redis-server --version | sed -n 's/.* v=\([^ ]*\).*/\1/p')"; fi
  if has curl; then say "curl      $(curl --version | sed -n '1s/^curl \([^ ]*\).*/\1/p')"; fi
}
