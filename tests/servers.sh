# The throwaway servers of tests/run, which sources this: installs, starts and stops PostgreSQL and NATS.

# The process ids of the servers that run.
servers=()
# What keeps installed packages from starting services of their own, while it is here because of us.
service_policy=''

# Prints the newest folder that holds PostgreSQL's server programs.
postgres_bin() {
    local initdb
    initdb=$(find /usr/lib/postgresql /usr/pgsql-* /opt/homebrew/opt/postgresql* -path '*/bin/initdb' 2>/dev/null |
        sort -V | tail -n 1) || true
    [ -n "$initdb" ] || initdb=$(pg_config --bindir 2>/dev/null)/initdb
    [ -x "$initdb" ] && dirname "$initdb"
}

remove_service_policy() {
    [ -z "$service_policy" ] || rm -f "$service_policy"
    service_policy=''
}

# install_packages PACKAGE..: installs Debian's packages if this machine lets us.
install_packages() {
    if ((EUID)) || ! command -v apt-get >/dev/null; then
        return 1
    fi
    echo "installing Debian's packages: $*"
    local status=0
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        service_policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' >"$service_policy"
        chmod +x "$service_policy"
    fi
    {
        timeout 300 apt-get -qq update &&
            DEBIAN_FRONTEND=noninteractive timeout 600 apt-get -qq -y -o DPkg::Lock::Timeout=120 \
                --no-install-recommends install "$@"
    } </dev/null >"$scratch/apt.log" 2>&1 || status=$?
    remove_service_policy
    ((status == 0)) || tail -n 20 "$scratch/apt.log"
    return "$status"
}

# PostgreSQL refuses to run as root: what runs a command as somebody else. Each of these programs becomes the next, so
# that the process that is started is the server.
postgres_user=$(id -un)
as_postgres=()
if ((EUID == 0)); then
    postgres_user=nobody
    as_postgres=(env --chdir=/ setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups)
fi

# until_true PID COMMAND..: waits up to 30 s until the command succeeds, but no longer than the process lives.
until_true() {
    local pid=$1
    shift
    for _ in {1..300}; do
        kill -0 "$pid" 2>/dev/null || return 1
        "$@" && return
        sleep 0.1
    done
    return 1
}

start_postgres() {
    local bin port data=$scratch/postgres/data
    bin=$(postgres_bin) || return 1
    install -d -o "$postgres_user" "$scratch/postgres"
    "${as_postgres[@]}" "$bin/initdb" --auth trust --username postgres --encoding UTF8 --locale C --no-sync -D "$data" \
        >"$scratch/initdb.log" 2>&1 || { tail "$scratch/initdb.log" && return 1; }
    # Nothing tells which port stays free until the server has it.
    for _ in {1..10}; do
        port=$((20000 + RANDOM % 10000))
        "${as_postgres[@]}" "$bin/postgres" -D "$data" -h 127.0.0.1 -p "$port" -k "$scratch/postgres" -c max_connections=200 \
            -c fsync=off -c synchronous_commit=off -c full_page_writes=off </dev/null >"$scratch/postgres.log" 2>&1 &
        servers+=($!)
        if until_true $! "$bin/pg_isready" -q -h "$scratch/postgres" -p "$port"; then
            export COMPTOIR_TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
            return
        fi
    done
    tail "$scratch/postgres.log"
    return 1
}

start_nats() {
    command -v nats-server >/dev/null || return 1
    mkdir "$scratch/nats"
    # Port -1 is any free one; the server writes down which.
    nats-server -a 127.0.0.1 -p -1 --ports_file_dir "$scratch/nats" --log "$scratch/nats/log" </dev/null &
    servers+=($!)
    local ports=$scratch/nats/nats-server_$!.ports
    if until_true $! test -s "$ports"; then
        COMPTOIR_TEST_NATS_URL=$(tr -d ' \n\t' <"$ports" | sed 's/.*"nats":\["\([^"]*\)".*/\1/')
        export COMPTOIR_TEST_NATS_URL
        return
    fi
    tail "$scratch/nats/log"
    return 1
}

# Starts what no variable names, and says what cannot be had.
start_servers() {
    local start=$SECONDS missing=()
    printf '== servers\n'
    [ -n "${COMPTOIR_TEST_POSTGRES_URL:-}" ] || postgres_bin >/dev/null || missing+=(postgresql)
    [ -n "${COMPTOIR_TEST_NATS_URL:-}" ] || command -v nats-server >/dev/null || missing+=(nats-server)
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}" || echo "not installed: ${missing[*]}"

    [ -n "${COMPTOIR_TEST_POSTGRES_URL:-}" ] || start_postgres || skip 'PostgreSQL: no server, so only SQLite is tested'
    [ -n "${COMPTOIR_TEST_NATS_URL:-}" ] || start_nats || skip 'NATS: no server, so only the in-process bus is tested'
    echo "PostgreSQL: ${COMPTOIR_TEST_POSTGRES_URL:-none}"
    echo "NATS: ${COMPTOIR_TEST_NATS_URL:-none}"
    printf '== servers: ready after %d s\n' $((SECONDS - start))
}

# end_process SIGNAL PID: asks the process (-PID: its group) to end, and makes it after 15 s.
# cargo-nextest gives its tests 10 s.
end_process() {
    kill "-$1" -- "$2" 2>/dev/null || return 0
    for _ in {1..150}; do
        kill -0 -- "$2" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "$2" 2>/dev/null || true
}

stop_servers() {
    local pid
    remove_service_policy
    for pid in "${servers[@]}"; do
        end_process INT "$pid"
    done
}
