# The clients of tests/clients, for tests/run, which sources this: installs their packages, and runs them.

# Whether there is a Node.js that can run them; says aloud where there is not.
have_node() {
    local version
    version=$(node --version 2>/dev/null) && command -v npm >/dev/null || {
        skip 'clients: Node.js and npm are not installed'
        return 1
    }
    version=${version#v}
    ((${version%%.*} >= 20)) || {
        skip "clients: they take Node.js 20 or newer, and this is $version"
        return 1
    }
}

# Installs what the lock file says, once for all clones, and links it; in the clone where there is no other place.
install_clients() {
    local clients=tests/clients caches=${XDG_CACHE_HOME:-~/.cache}/comptoir-clients cache fresh
    cache=$caches/$(cksum <"$clients/package-lock.json" | tr ' ' '-')
    if [ ! -d "$cache" ]; then
        if ! { mkdir -p "$caches" && fresh=$(mktemp -d "$caches/new.XXXXXX"); }; then
            npm ci --prefix "$clients" --loglevel=error
            return
        fi
        cp "$clients"/{package.json,package-lock.json,.npmrc} "$fresh"
        if ! (cd "$fresh" && npm ci --loglevel=error); then
            rm -rf "$fresh"
            return 1
        fi
        # Another run may have been faster.
        [ -d "$cache" ] && rm -rf "$fresh" || mv "$fresh" "$cache"
    fi
    rm -rf "$clients/node_modules"
    ln -s "$cache/node_modules" "$clients/node_modules"
}

run_clients() {
    install_clients && (cd tests/clients && node --test --test-concurrency=2 --test-reporter=spec) 2>&1 | tee -a "$log"
}
